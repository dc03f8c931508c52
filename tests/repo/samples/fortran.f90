module heat
  use constants, only: kappa
  implicit none
  integer, parameter :: max_steps = 1000

  type, extends(base_grid) :: grid
    real :: spacing
  contains
    procedure :: refine => refine_grid
  end type grid

contains

  ! Advances the field by one step.
  subroutine step(field, dt)
    real, intent(inout) :: field(:)
    real, intent(in) :: dt
    call apply_boundary(field)
    field = field + dt * laplacian(field)
  end subroutine step

  real function laplacian(field) result(out)
    real, intent(in) :: field(:)
    out = sum(field)
  end function laplacian

end module heat

program simulate
  use heat
  type(grid) :: g
  call step(g%values, 0.1)
end program simulate
