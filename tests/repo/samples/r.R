library(dplyr)
source("R/helpers.R")

max_rows <- 1000

#' Fit the model of demand.
#'
#' @param data a data frame
fit_demand <- function(data, ...) {
  cleaned <- clean_rows(data)
  model <- stats::lm(y ~ x, data = cleaned)
  predict(model)
}

print.demand = function(x) cat(x$name)

setClass("Demand", representation(rows = "numeric"))

Account <- R6Class("Account",
  public = list(
    deposit = function(amount) {
      self$balance <- self$balance + amount
    }
  )
)
