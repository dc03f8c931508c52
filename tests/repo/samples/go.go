package orders

import (
	"context"

	mail "example.com/shop/mail"
)

// Limit is how many lines an order may have.
const Limit = 10

var (
	defaultStore = NewStore()
)

// Service places orders.
// It is safe for concurrent use.
type Service struct {
	base.Embedded
	mailer *mail.Mailer
	store  Store
}

// Store keeps orders.
type Store interface {
	io.Closer
	Save(ctx context.Context, order Order) error
}

type Handler func(order Order) error

// Place rejects an order without lines.
func (s *Service) Place(ctx context.Context, order *Order) (*Receipt, error) {
	receipt := &Receipt{ID: order.ID}
	if err := s.mailer.Send(receipt); err != nil {
		return nil, wrap(err)
	}
	return receipt, nil
}

func NewService(store Store) *Service {
	return &Service{store: store}
}
