"""Which questions are one: measured on pairs written for it; no pair that differs may be merged."""

import pytest

from indexer.guide.rewordings import first_same, same_question

SAME = [
    ("Why does settlement run twice on month end?", "why does the settlement run twice on month end"),
    ("Why is the retry limit five?", "What is the reason the retry limit is five?"),
    ("Why was the retry limit set to five?", "Why is the retry limit five?"),
    ("Why do we round discounts down?", "Why are discounts rounded down?"),
    ("Why do we round discounts down?", "why are our discounts rounded down"),
    ("Who approved the retry limit?", "who approved our retry limit?"),
    ("Why is the timeout 30 seconds?", "Why is our timeout thirty seconds?"),
    ("Why do gift cards expire after 400 days?", "Why does a gift card expire after 400 days?"),
    ("Why was SHA-1 chosen?", "why did we choose SHA-1?"),
    ("Why is the invoice frozen?", "Why do we freeze the invoice?"),
    ("May support staff refund a payment?", "may the support staff refund payments?"),
    ("Who must agree before a refund is paid?", "Who has to agree before a refund is paid?"),
    ("Why does `send_charge` not retry?", "Why doesn't `send_charge` retry?"),
    ("What is the reason for the second ledger?", "Why is there a second ledger?"),
    ("Why do we use Postgres?", "Why Postgres?"),
    ("Please tell me why the batch starts at 2 am", "Why does the batch start at 2 am?"),
    ("Who owns the payment module?", "who owns the payments module"),
    ("Why is BANK_TIMEOUT 20?", "Why is BANK_TIMEOUT set to 20?"),
    ("How much does a failed charge cost us?", "How much does a failed charge cost?"),
    ("What made us drop Python 2?", "Why did we drop Python 2?"),
    ("Is the 3 attempt limit still right for us?", "is the 3 attempts limit still right for us"),
    ("Why was the nightly job moved to Kubernetes?", "Why did we move the nightly job to Kubernetes?"),
    ("Warum läuft die Abrechnung zweimal?", "warum läuft die Abrechnung zweimal"),
    ("Why was the cache turned off in production?", "why is the cache turned off in production"),
    ("Why is the queue limited to 100 rows?", "What is the reason the queue is limited to 100 rows?"),
    ("Who decides about the price list?", "who decides about our price list"),
    ("Why are passwords hashed with bcrypt?", "Why do we hash passwords with bcrypt?"),
    ("Why did we choose Kafka over RabbitMQ?", "Why was Kafka chosen over RabbitMQ?"),
    ("Why does import_orders skip empty lines?", "why does import_orders skip the empty lines?"),
    ("How many requests per second does the API serve?", "How many requests per second does our API serve?"),
    ("Must a refund be approved by two people?", "must refunds be approved by two people"),
    ("Could you tell me why the worker sleeps for 5 seconds?", "Why does the worker sleep 5 seconds?"),
    ("Why is the report sent on Fridays?", "Why do we send the report on Fridays?"),
    ("What was the motivation for splitting the billing service?", "Why was the billing service split?"),
    ("Why is MAX_ROWS 5000?", "why MAX_ROWS = 5000"),
    ("Why do tests run in random order?", "Why are the tests run in random order?"),
    ("Who is allowed to deploy on weekends?", "who is allowed to deploy on a weekend?"),
    ("Why are old invoices archived?", "Why do we archive old invoices?"),
    ("What is the reason for the 3 second delay?", "why is there a 3 second delay"),
    ("Who signed off the new fee?", "who signed off our new fee?"),
    ("Why does `flush` take a lock?", "why does flush take a lock"),
    ("How many users are active per day?", "How many users are active per day"),
    ("Why was the old importer kept?", "Why did we keep the old importer?"),
    ("Why is there no test for refunds?", "why is there no test for the refunds?"),
]
DIFFERENT = [
    ("Why does settlement run twice?", "Why does settlement run twice at month end?"),
    ("Why is the retry limit five?", "Why is the retry limit three?"),
    ("Why is the retry limit five?", "Who decided that the retry limit is five?"),
    ("Why do we round discounts down?", "Why do we round discounts up?"),
    ("Why do we round discounts?", "Why don't we round discounts?"),
    ("Why does the client wait for the server?", "Why does the server wait for the client?"),
    ("Why do we convert from euro to dollar?", "Why do we convert from dollar to euro?"),
    ("Why is A called before B?", "Why is B called before A?"),
    ("Who approved the limit?", "Who approves the limit?"),
    ("May support staff refund a payment?", "Must support staff refund a payment?"),
    ("May support staff refund a payment?", "Should support staff refund a payment?"),
    ("Why is the timeout 30 seconds?", "Why is the timeout 30 minutes?"),
    ("Why is `connect_timeout` 30?", "Why is `read_timeout` 30?"),
    ("Why does retry.py exist?", "Why does gateway.py exist?"),
    ("Why are entries deleted?", "Why are entries never deleted?"),
    ("Where is the retry limit set?", "Why is the retry limit set?"),
    ("Who knows the payment code?", "Who wrote the payment code?"),
    ("How many charges fail?", "How many charges succeed?"),
    ("Why was the second call added?", "Why was the second call removed?"),
    ("Why only cards?", "Why cards?"),
    ("Why do all customers get a refund?", "Why do some customers get a refund?"),
    ("Why does Payment.settle freeze the invoice?", "Why does Payment.refund freeze the invoice?"),
    ("Why does the ledger post to the bank?", "Why does the bank post to the ledger?"),
    ("Why is the first entry skipped?", "Why is the last entry skipped?"),
    ("Why is more than one worker used?", "Why is less than one worker used?"),
    ("Why is X faster than Y?", "Why is Y faster than X?"),
    ("Who may cancel an order?", "Who must cancel an order?"),
    ("Which customers are charged twice?", "Why are customers charged twice?"),
    ("Why did we drop Python 2?", "Why did we drop Python 3?"),
    ("Is TLS 1.2 required?", "Is TLS 1.3 required?"),
    ("Why is the token valid for 30 days?", "Why is the token valid for 30 days after login?"),
    ("When was the limit changed?", "Why was the limit changed?"),
    ("What breaks if I change the limit?", "Why was the limit changed?"),
    ("Why is it cached?", "Why is it not cached?"),
    ("Why do we log passwords with errors?", "Why do we log passwords without errors?"),
    ("Why does billing depend on auth?", "Why does auth depend on billing?"),
    ("Why is the old API kept?", "Why is the new API kept?"),
    ("Why are users of the trial blocked?", "Why are blocked users in the trial?"),
    ("Who pays the fee to the bank?", "Who pays the fee of the bank?"),
    ("Why do refunds go from us to the customer?", "Why do refunds go from the customer to us?"),
    ("Warum läuft die Abrechnung zweimal?", "Warum läuft die Buchung zweimal?"),
    ("Why is the default on?", "Why is the default off?"),
    ("Why does the test use a mock?", "Why does the test avoid a mock?"),
    ("Why is the import inside the function?", "Why is the import outside the function?"),
    ("Is a duplicate charge possible?", "Was a duplicate charge possible?"),
    ("Why was the cache turned off in production?", "Why was the cache turned off in staging?"),
    ("Why is the queue limited to 100 messages?", "Why is the queue limited to 100 bytes?"),
    ("Who decides about the price list?", "Who decided about the price list?"),
    ("Why are passwords hashed with bcrypt?", "Why are passwords hashed without bcrypt?"),
    ("Why did we choose Kafka over RabbitMQ?", "Why did we choose RabbitMQ over Kafka?"),
    ("Why does import_orders skip empty lines?", "Why does export_orders skip empty lines?"),
    ("How many requests per second does the API serve?", "How many requests per minute does the API serve?"),
    ("Must a refund be approved by two people?", "Must a refund be approved by three people?"),
    ("Why does the worker sleep for 5 seconds?", "Why does the worker wake after 5 seconds?"),
    ("Why is the report sent on Fridays?", "Why is the report sent on Mondays?"),
    ("Can customers change their e-mail address?", "Must customers change their e-mail address?"),
    ("Can customers change their e-mail address?", "Can admins change customers' e-mail address?"),
    ("Why is MAX_ROWS 5000?", "Why is MIN_ROWS 5000?"),
    ("Who is allowed to deploy?", "Who is not allowed to deploy?"),
    ("Why is the parent notified by the child?", "Why is the child notified by the parent?"),
    ("Why does the parent notify the child?", "Why is the parent notified by the child?"),
    ("Why does the parent notify the child?", "Why is the parent notified about the child?"),
    ("Is the export encrypted?", "Should the export be encrypted?"),
    ("Why is debug logging enabled?", "Why is debug logging disabled?"),
    ("Who reviews security patches?", "Who writes security patches?"),
    ("How often does the job fail?", "How long does the job fail?"),
    ("How long may a session last?", "How long does a session last?"),
    ("Why is there one database per customer?", "Why is there one database for all customers?"),
    ("Why are deleted orders kept?", "Why are kept orders deleted?"),
    ("Why was the lock removed?", "Why was the lock renamed?"),
    ("Why do we retry after a timeout?", "Why do we time out after a retry?"),
    ("Why does A call B?", "Why is A called by B?"),
    ("Which tests are slow?", "Why are tests slow?"),
    ("What happens when a refund fails?", "What happened when a refund failed?"),
    ("Why is the first page cached but not the second?", "Why is the second page cached but not the first?"),
    ("Why is there no test for refunds?", "Why is there a test for refunds?"),
    ("Why is the index rebuilt every night?", "Why is the index rebuilt every hour?"),
    ("Why do old clients fail?", "Why do new clients fail?"),
    ("Who signs off the fee?", "Who sets the fee?"),
    ("Why does flush take a lock?", "Why does close take a lock?"),
    ("How many users are active per day?", "How many users are active per week?"),
    ("Why was the importer kept?", "Why was the exporter kept?"),
    ("Why is price without tax stored?", "Why is price with tax stored?"),
    ("Who was asked before the switch?", "Who was asked after the switch?"),
    ("Why can users see drafts?", "Why can't users see drafts?"),
    ("Why use threads instead of processes?", "Why use processes instead of threads?"),
    ("Why does the proxy trust the header?", "Why doesn't the proxy trust the header?"),
    ("Is 10 MB enough?", "Is 10 MB too much?"),
    ("Why two databases?", "Why three databases?"),
    ("Why is the API public?", "Why is the API private?"),
    ("Why does the reader block the writer?", "Why does the writer block the reader?"),
    ("What is the limit for uploads?", "What is the limit for downloads?"),
    ("When do tokens expire?", "Why do tokens expire?"),
    ("May I change the limit?", "May I remove the limit?"),
    ("Why is it done in main()?", "Why is it done in init()?"),
    ("Why does the order of A and B matter?", "Why does the order of B and C matter?"),
    ("Why is X in Y?", "Why is Y in X?"),
    ("Why are warnings errors?", "Why are errors warnings?"),
    ("Why is the cache for users?", "Why is the cache for admins?"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_one(one: str, other: str) -> None:
    assert same_question(one, other)
    assert same_question(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_question_that_differs_in_anything_that_matters_is_another(one: str, other: str) -> None:
    assert not same_question(one, other)
    assert not same_question(other, one)


def test_the_first_known_question_that_is_the_same_is_given() -> None:
    known = [("a", "Why only cards?"), ("b", "why are discounts rounded down"), ("c", "Why round discounts?")]
    assert first_same("Why do we round discounts down?", known) == "b"
    assert first_same("Why do we round discounts up?", known) is None


def test_T9_questions_without_a_word_are_one_only_letter_by_letter() -> None:
    assert same_question("why?", "Why")
    assert not same_question("why?", "how?")
    assert same_question("为什么四百天?", "为什么四百天")
    assert not same_question("为什么四百天?", "为什么三百天?")
