#!/usr/bin/perl
package Billing::Invoice;
use strict;
use parent -norequire, 'Billing::Document';
use List::Util qw(sum first);
require Billing::Rates;

our $VERSION = '1.04';
use constant MAX_LINES => 40;

=head2 total

Sums the lines.

=cut

# Adds taxes last.
sub total {
    my ($self, %args) = @_;
    my $sum = sum(map { $_->amount } @{ $self->{lines} });
    return Billing::Rates::apply($sum) + $self->shipping(1);
}

sub new { my $class = shift; return bless {}, $class; }

package Billing::Line;

sub amount {
    my $self = shift;
    return round_up($self->{amount});
}

1;
