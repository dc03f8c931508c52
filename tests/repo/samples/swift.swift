import Foundation
import class UIKit.UIView

/// Places orders.
@MainActor
public final class OrderService: BaseService, Auditable {
    private let mailer: Mailer
    static let limit = 10

    init(mailer: Mailer) {
        self.mailer = mailer
    }

    // Rejects an order without lines.
    func place(_ order: Order, urgent: Bool = false) throws -> Receipt {
        guard !order.lines.isEmpty else { throw OrderError.empty }
        let receipt = Receipt(order.id)
        mailer.send(receipt)
        return receipt
    }
}

protocol Auditable {
    func audit() -> String
}

struct Order: Codable {
    var id: Int
}

enum State {
    case open, closed
}

extension Order {
    func total() -> Money { lines.reduce(Money.zero, +) }
}

typealias Handler = (Order) -> Void

func makeService() -> OrderService {
    return OrderService(mailer: Mailer())
}
