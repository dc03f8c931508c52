package orders

import scala.collection.mutable.{Map, Set => MutableSet}
import orders.mail.Mailer

/** Places orders. */
class OrderService(mailer: Mailer) extends BaseService with Auditable {
  private val pending = Map.empty[Long, Order]

  // Rejects an order without lines.
  def place(order: Order): Receipt = {
    require(order.lines.nonEmpty)
    val receipt = new Receipt(order.id)
    mailer.send(receipt)
  }
}

trait Auditable {
  def audit: String
}

case class Order(id: Long, lines: List[Line])

object OrderService {
  val Limit = 10
  def apply(): OrderService = new OrderService(Mailer())
}

sealed abstract class State
type Handler = Order => Unit
