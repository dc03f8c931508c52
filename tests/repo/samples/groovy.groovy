package com.example.orders

import com.example.mail.Mailer
import static java.lang.Math.max

/** Places orders. */
class OrderService extends BaseService implements Auditable {
    private Mailer mailer
    static final int LIMIT = 10

    // Rejects an order without lines.
    Receipt place(Order order) {
        def receipt = new Receipt(order.id)
        mailer.send(receipt)
        return receipt
    }

    def audit() {
        println "audit"
    }
}

interface Auditable {
    String audit()
}

enum State { OPEN, CLOSED }

def deploy(String target) {
    runCommand(target)
}
