using System;
using System.Collections.Generic;
using Json = Newtonsoft.Json.JsonConvert;

namespace Billing.Invoices
{
    /// <summary>Sends invoices to customers.</summary>
    [Serializable]
    public class InvoiceSender : SenderBase, IInvoiceSender
    {
        private const int MaxAttempts = 3;
        private readonly IMailer _mailer;

        public string Status { get; private set; }

        public InvoiceSender(IMailer mailer)
        {
            _mailer = mailer;
        }

        // Tries again when the mail server is busy.
        public async Task<bool> SendAsync(Invoice invoice, List<Customer> customers)
        {
            var message = new MailMessage(invoice.Number);
            return await _mailer.Deliver(message);
        }

        public event EventHandler Sent;
    }

    public interface IInvoiceSender
    {
        Task<bool> SendAsync(Invoice invoice, List<Customer> customers);
    }

    public enum InvoiceState { Draft, Sent }

    public record Money(decimal Amount, string Currency);

    public struct Period
    {
        public DateTime Start;
    }

    public delegate void Notify(string text);
}
