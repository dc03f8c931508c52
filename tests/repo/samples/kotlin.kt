package com.example.orders

import com.example.mail.Mailer
import kotlinx.coroutines.*

/**
 * Places orders.
 */
@Service
class OrderService(private val mailer: Mailer) : BaseService(), Auditable {
    private val pending = mutableListOf<Order>()

    // Rejects an order without lines.
    suspend fun place(order: Order): Receipt {
        require(order.lines.isNotEmpty())
        val receipt = Receipt(order.id)
        mailer.send(receipt)
        return receipt
    }

    companion object {
        const val LIMIT = 10
        fun create(): OrderService = OrderService(Mailer())
    }
}

interface Auditable {
    fun audit(): String
}

data class Order(val id: Long, val lines: List<Line>)

enum class State { OPEN, CLOSED }

object Registry : Store<Order>() {
    fun find(id: Long) = items.first { it.id == id }
}

typealias Handler = (Order) -> Unit

fun Order.total(): Money = lines.sumOf { it.price }

val defaultState = State.OPEN
