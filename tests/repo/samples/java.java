package com.example.orders;

import java.util.List;
import static com.example.Checks.*;

/**
 * Places orders.
 * <p>Rejects empty ones.
 */
@Service("orders")
public class OrderService extends BaseService implements Auditable, Closeable {

    private static final int LIMIT = 10;
    private final Mailer mailer;

    public OrderService(Mailer mailer) {
        this.mailer = mailer;
    }

    // Tries once only.
    @Override
    public Receipt place(Order order, List<Line> lines) throws OrderException {
        requireNonNull(order);
        Receipt receipt = new Receipt(order.getId());
        mailer.send(receipt);
        return receipt;
    }

    static class Builder {
        Builder limit(int value) { return this; }
    }
}

interface Auditable {
    String audit();
}

enum State { OPEN, CLOSED }

record Line(int number, Product product) {}

@interface Traced {
    String value() default "";
}
