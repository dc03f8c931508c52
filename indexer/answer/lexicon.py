"""Word fields of general English and of software, by which the parts of a question are read.

They are broad on purpose (closed classes, and what any dictionary lists under a sense), and hold
no word of any one project: what a repository calls its things is learnt from its index.
All words are Snowball stems (``repo.words.stem``) unless said otherwise.
"""

from __future__ import annotations

from typing import Final

from indexer.repo.words import stem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


INTERROGATIVES: Final = _words("who whom whose why where whereabouts when how what which whence")
"""As written."""

AUXILIARIES: Final = _words(
    """
    is are was were am be been do does did has have had can could may might must shall should will would
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't can't cannot couldn't mustn't
    shouldn't won't wouldn't ain't needn't
    """
)
"""As written; a clause that begins with one asks for yes or no."""

FUNCTION_WORDS: Final = _words(
    """
    a an the this that these those there here it its it's i me my mine we us our ours you your yours he
    she his her they them their theirs one ones someone somebody anyone anybody everyone everybody
    nobody something anything nothing and or but nor so if then than as at by for from in into of off on
    onto out over to toward towards up upon with within without about above across after again against
    along also although among any around because before behind below beside between beyond both down
    during each either else even ever every few how however just less least like likely many more most
    much near neither no not now once only other others own per same since some still such though
    through thus till too under until very via what when where whether which while who whom whose why
    yet all being having doing done get gets got getting let lets please apart instead rather really
    actually exactly kind sort way ways thing things happen happens happened make makes made making take
    takes took taken come comes came go goes went gone put puts keep kept keeps give gives gave given
    use uses used using work works want wants wanted need needs needed mean means meant tell say says
    said see show shows explain describe find look looks repository repo codebase project code place
    point reason reasons purpose grounds example examples part parts main name names
    become becomes became becoming happening works worked
    called different somewhere anywhere good bad best better new old first last next right wrong able
    sure possible well etc stuff bit lot
    whole single plus stand stands standing stood moment moments earth
    afterwards afterward later finally eventually previously beforehand meanwhile thereafter subsequently
    immediately currently today nowadays recently usually normally always never often sometimes
    """
)
"""As written: words that say how is asked, not what about."""

ON_ASKING: Final = _words("question questions answer answers answered answering asked")
"""As written: mostly the same; what a question with hardly another word may well be about."""

POINTS_BACK: Final = _words(
    "this that these those it its they their them he she such both neither otherwise however therefore thus"
    " hence then so instead but also and or still yet here there consequently"
    " moreover furthermore additionally"
)
"""First words of a sentence that goes on from the one before it."""

COMPARED: Final = _stems("difference differ distinction distinguish compare comparison versus vs contrast")
CHOOSING: Final = _stems("decide decides determine determines choose chooses pick picks whether")
"""How does it decide whether: what it decides on is the subject."""

FRAME: Final = (
    COMPARED
    | CHOOSING
    | _stems(
        """
    support handle process
    manage deal begin start end stop finish know reach turn transform step stage phase internally
    happen come go take
    """
    )
)
"""Words of the frame of a how or a comparison: they say what is done with the subject, and are none."""

REASON: Final = _stems(
    """
    reason rationale motivation motive purpose justification cause ground grounds point intent intention
    argument
    """
)
CAUSATIVES: Final = _stems(
    """
    make made lead led drive drove prompt motivate cause force persuade justify convince compel oblige
    """
)
FAILURES: Final = _stems(
    """
    wrong problem issue trouble bug fault broken break failure drawback downside risk
    """
)

ROLES: Final = _stems(
    """
    person people owner team department manager staff employee colleague developer maintainer engineer
    author stakeholder lead boss director officer architect administrator operator contact expert
    reviewer approver committee board group somebody someone anyone anybody role member contributor
    customer client vendor accountant accounting marketing legal finance sales support auditor assessor
    compliance management
    """
)
PEOPLE_NAMES: Final = ROLES
DECIDE: Final = _stems(
    """
    decide choose chose chosen pick approve agree accept sign authorise authorize permit request ask
    insist demand order sponsor negotiate own responsible accountable charge look care blame commission
    mandate veto consult inform notify pay fund manage supervise operate host head lead want wish
    propose suggest require confirm escalate report
    """
)
AUTHOR: Final = _stems(
    """
    write wrote written add introduce change commit create maintain know touch fix remove implement
    contribute edit modify build built author rewrite refactor delete develop understand familiar review
    work
    """
)
TURN_TO: Final = _stems("ask talk speak contact turn approach consult ping reach")
"""What one does with who knows: no part of what they know."""

CHANGE: Final = _stems(
    """
    change introduce add remove drop rename rewrite revert replace deprecate evolve move fix migrate
    refactor appear disappear start stop become history version release commit edit modify bump update
    upgrade delete
    """
)
ANYTHING: Final = _stems(
    "mechanism feature functionality facility logic ability option capability handling version release"
)
"""What anything may be called: it need not be written."""

IMPACT: Final = _stems(
    """
    break affect impact depend rely consequence dependent touch caller import effect ripple harm
    """
)
USE: Final = _stems("use call copy import include invoke reference depend consume touch")
"""Verbs of using something that is named."""

DO: Final = _stems(
    """
    run build test install deploy start launch compile debug lint format release publish execute setup
    develop contribute package benchmark migrate upgrade profile
    """
)
ADJUST: Final = _stems(
    """
    configure set enable disable adjust tune customise customize override turn switch
    """
)
"""Verbs of changing how something behaves from outside."""
SETTING: Final = _stems(
    """
    setting option configuration config environment variable env flag parameter switch default toggle
    knob property
    """
)
PLACE: Final = _stems(
    """
    file module folder directory package path class function method line table job program script
    """
)
EXAMPLE: Final = _stems(
    """
    example sample template pattern convention usually typical typically copy boilerplate idiom
    """
)
PARTS: Final = _stems(
    """
    part component module architecture structure overview layer piece subsystem layout organised
    organized organisation organization concept
    """
)
WHOLE: Final = _stems(
    """
    app application system program library framework package product software service base source whole main
    core start begin read reading look work test docs
    """
)
"""What a question about the parts of everything may call it, and what one does first: no part of it."""

DUTY: Final = _stems(
    """
    allow permit suppose oblige require forbid mandatory obligatory entitle authorise authorize must may
    should shall ought enforce comply acceptable legal rule policy
    """
)
JUDGE: Final = _stems(
    """
    suit wise advisable sensible safe adequate appropriate acceptable worth worthwhile enough sufficient
    justified optimal recommended reasonable valid outdated obsolete
    """
)
SIZE: Final = _words(
    """
    many much often large big fast long high slow frequent frequently quickly expensive heavy small low
    quick far deep wide old busy
    """
)
"""As written: what follows ``how`` when a figure is asked for."""
MEASURE: Final = _stems(
    """
    percentage percent share rate throughput latency number volume load cost size percentile count
    amount average median peak figure ratio proportion duration period time limit budget traffic
    capacity frequency speed response minute second hour day week month uptime downtime availability
    memory quota
    """
)
PRODUCTION: Final = _stems(
    """
    production live peak traffic load minute hour daily nightly night monthly customer shopper user
    visitor benchmark latency throughput uptime downtime outage incident percentile measured measure
    cope handle
    """
)

# What a missing thing is about, for its category.
SECURITY: Final = _stems(
    """
    security secure password permission access privacy private personal gdpr pci dss hipaa compliance
    comply audit auditor assessor encrypt encryption decrypt secret token credential login signin
    impersonate authentication authenticate authorisation authorization authorise authorize retention
    retain erase delete consent vulnerability certificate attack threat role privilege admin sensitive
    confidential leak sanitize cve trust expose key
    """
)
BUSINESS: Final = _stems(
    """
    price discount refund customer order invoice payment charge tax fee money marketing sale revenue
    contract voucher coupon offer promotion shop basket cart checkout accounting finance legal product
    stock delivery shipping merchant vendor supplier buyer seller account bill billing subscription rule
    rate interest loan premium claim policy insurance bank card transaction balance statement visitor
    guest user member reward currency amount cost salary market assortment warehouse return campaign
    commission credit debit
    """
)
RULED: Final = _stems(
    """
    price discount refund tax fee salary interest commission penalty invoice charge permission privilege
    permit allow forbid consent retention gdpr pci hipaa privacy password encrypt secret authorization
    authorisation credential licence license legal law compliance contract
    """
)
"""What people set rules about: money, permission, security, law."""

ARCHITECTURE: Final = _stems(
    """
    library framework database server backend frontend protocol format version support architecture
    design pattern algorithm python java javascript typescript go rust ruby php node docker kubernetes
    ci jenkins github gitlab action pipeline dependency tool build test migration schema cache queue
    thread async sync api interface class module package inherit abstraction parser compiler editor tree
    index storage sql orm template engine release revert rollback bulk batch job worker pool lock retry
    timeout
    """
)
PERFORMANCE: Final = _stems(
    """
    performance fast slow speed latency throughput load scale memory cpu benchmark response peak traffic
    capacity cope volume percentile uptime timeout
    """
)
