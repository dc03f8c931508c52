#import <Foundation/Foundation.h>
#import "OrderService.h"

@protocol Auditable
- (NSString *)audit;
@end

/// Places orders.
@interface OrderService : BaseService <Auditable>
@property (nonatomic, strong) Mailer *mailer;
- (Receipt *)placeOrder:(Order *)order urgent:(BOOL)urgent;
@end

@implementation OrderService

// Rejects an order without lines.
- (Receipt *)placeOrder:(Order *)order urgent:(BOOL)urgent {
    Receipt *receipt = [[Receipt alloc] initWithOrder:order];
    [self.mailer send:receipt];
    LogOrder(order);
    return receipt;
}

+ (instancetype)shared {
    return [OrderService new];
}

@end

static void LogOrder(Order *order) {
    NSLog(@"%@", order);
}
