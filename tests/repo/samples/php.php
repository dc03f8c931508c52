<?php

namespace App\Billing;

use App\Models\Invoice;
use App\Contracts\{Mailer, Logger as Log};

require_once __DIR__ . '/helpers.php';

const VERSION = '1.2';

/**
 * Sends invoices.
 */
final class InvoiceSender extends Sender implements SendsMail
{
    use Retries;

    const MAX_ATTEMPTS = 3;

    private Mailer $mailer;

    public function __construct(Mailer $mailer)
    {
        $this->mailer = $mailer;
    }

    // Tries three times.
    public function send(Invoice $invoice): bool
    {
        $message = new Message($invoice);
        Log::info('sending');
        return $this->mailer->deliver(format_message($message));
    }
}

interface SendsMail
{
    public function send(Invoice $invoice): bool;
}

trait Retries
{
    protected int $attempts = 0;
}

enum Status: string
{
    case Draft = 'draft';
}

function format_message($message)
{
    return trim($message);
}
