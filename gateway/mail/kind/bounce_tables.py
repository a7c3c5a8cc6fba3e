"""The words by which mail systems say that a mail did not arrive, as literal tables in the order in which they are asked.

RFC 3464 gives a report fixed fields, and a third of what really comes back has none of them: a few sentences in the language of the
machine that wrote them. All phrases here are folded, and so is the text that they are looked for in (gateway.mail.phrases); they are
found by `in` on a bounded text, so that no mail can make them slow.

Bugs: a phrase table is never complete. What it does not know is still filed as an automatic mail when its envelope says so.
"""

from __future__ import annotations

import re

from gateway.mail.phrases import phrases

SUBJECTS: tuple[str, ...] = phrases(
    "undeliver | [bounce] | bounced mail | bounced message | returned mail | returned to sender | return to sender",
    "returning to sender | returning message to sender",
    "failure notice | failure notification | delivery status notif | delivery notification | delivery fail | delivery error",
    "delivery problem | delivery has failed | delivery report | delivery warning | delivery delay | delivery incomplete",
    "failed delivery | failure delivery | failed mail | failed to deliver | mail delivery | message delivery | mail failure",
    "mail failed | mail error | mail system error | message status | non-delivery | nondeliver | non delivery | not delivered",
    "not be delivered | not been delivered | unable to deliver | unknown user | user unknown | error sending your mail",
    "error processing your mail | processing error | rejected mail | message rejected | mail rejected | blocked mail",
    "delayed mail | message delayed | mail could not be | ndn: | ndr: | loop alert",
    # French
    "non remis | non distribu | non delivr | echec de la remise | echec de remise | echec de distribution",
    "notification d'etat de remise | courrier rejete | remise differee | remise retardee | non-remise | erreur d'acheminement",
    # German
    "unzustellbar | nicht zustellbar | nicht zugestellt | zustellung fehlgeschlagen | zustellungsfehler | zustellungsstatus",
    "unzustellbarkeit | verzogerte zustellung | fehler beim versand",
    # Dutch
    "onbestelbaar | niet bezorgd | niet afgeleverd | bezorging mislukt | kan niet worden bezorgd | niet te bezorgen",
    "vertraagde bezorging | niet aangekomen | niet-bestelbare | niet bestelbaar",
    # Spanish and Portuguese
    "no se puede entregar | no se pudo entregar | no entregado | no se ha podido entregar | error de entrega",
    "devuelto al remitente | entrega retrasada | fallo en la entrega | nao entregue | nao foi possivel entregar | nao e possivel entregar",
    "falha na entrega",
    # Italian
    "impossibile recapitare | mancato recapito | mancata consegna | non recapitabile | recapito non riuscito",
    "recapito ritardato",
    # Nordic, Polish, Czech, Hungarian, Turkish, Russian
    "kunde inte levereras | kan inte levereras | kunne ikke leveres | kan ikke leveres | niedostarcz | nie dostarczono",
    "olevererbart | ei voi toimittaa | nie mozna dostarczyc | kezbesithetetlen | teslim edilemedi",
    "nedoruciteln | не доставлено | недоставлен | не удается доставить",
    # Japanese, Chinese, Korean
    "配信不能 | 配信できません | 配信エラー | 送信エラー | エラーメール | 送信できません | 退信 | 无法投递 | 无法送达",
    "投递失败 | 退回 | 배달 실패 | 반송",
)
"""Pieces of subjects of reports in sentences."""

FAILURES: tuple[str, ...] = phrases(
    "did not receive | no valid recipients | unsuccessful delivery | delivery was unsuccessful | address rejected",
    "not be delivered | n't be delivered | cannot be delivered | can not be delivered | not delivered | not been delivered",
    "n't delivered | unable to deliver | able to deliver | failed to deliver | failure to deliver | impossible to deliver",
    "delivery to the following | delivery failed | delivery has failed | delivery failure | delivery error | delivery problem",
    "fatal error | delivery attempts | undeliverable | undelivered | did not reach | could not be reached | could not be sent",
    "permanent error | permanent failure | permanently failed | returned mail | mail returned | has been returned",
    "was returned to you | returned to sender | returned below | failed recipient | failed address | failed permanently",
    "failure reason | error delivering | error in delivering | attempting to deliver | trying to deliver | trouble delivering",
    "problem delivering | error was detected while processing | encountered an error while being processed",
    "could not deliver | did not deliver | not deliver your | rejected recipient | recipient rejected",
    "rejected by the recipient | user unknown | unknown user | no such user | unknown recipient | recipient unknown | invalid recipient",
    "invalid final delivery | incorrectly constructed | mailbox is full | mailbox exceed | over quota | quota exceeded",
    "did not exactly match | was not accepted | not accepting mail | delivery of email to this address | has been delayed",
    "not yet been delivered | delivery of the email was stopped | non-delivery | loop alert | duplicated message-id",
    # French
    "n'a pas pu etre | n'ont pas pu etre | n'a pas ete remis | n'a pas ete distribue | non remis | echec de la remise",
    "impossible de remettre | pas pu remettre | erreur permanente | n'a pas encore ete remis | n'a pu etre | n'ont pu etre",
    # German
    "nicht zugestellt | unzustellbar | nicht ausgeliefert | zustellung ist fehlgeschlagen | zustellung fehlgeschlagen",
    "konnte nicht an | konnte nicht versandt | konnte nicht versendet | fehler bei der zustellung",
    "fehler bei der nachrichtenzustellung",
    # Dutch
    "niet worden afgeleverd | niet worden bezorgd | niet afgeleverd | niet bezorgd | onbestelbaar | bezorging is mislukt",
    "distributielijsten is mislukt | groepen is mislukt | nog niet bezorgd | is niet aangekomen",
    "niet kon worden afgeleverd | niet kon worden bezorgd",
    # Spanish and Portuguese
    "no pudo ser entregado | no puede ser entregado | no se pudo entregar | no se puede entregar | no ha podido ser entregado",
    "no se ha podido entregar | no se ha entregado | no se entrego | ha retrasado la entrega | error al entregar | no fue entregado",
    "nao pode ser entregue | nao foi entregue | nao foi possivel entregar | falha na entrega para",
    # Italian
    "impossibile recapitare | impossibile consegnare | non e stato possibile consegnare | non e stato possibile recapitare",
    "recapito non riuscito | non e stato recapitato | non e stato consegnato | non e stato ancora recapitato",
    # Nordic, Polish, Czech, Hungarian, Turkish, Russian
    "gick inte att leverera | levering til disse modtagere | toimitus naille vastaanottajille",
    "dostarczenie wiadomosci do nastepujacych | doruceni se nezdarilo | kezbesites nem sikerult | teslim basarisiz",
    "inte levereras | ikke leveres | nie mogla zostac dostarczona | nie zostala dostarczona | nie moze byc dostarczona",
    "nelze dorucit | nebylo doruceno | nem kezbesit | teslim edilemedi | не может быть доставлено | не было доставлено",
    "не доставлено | не удалось доставить",
    # Japanese, Chinese
    "配信できません | 配送できません | 送信できません | 送信に失敗 | お届けできません | 届けることができません",
    "配信することができません | 无法发送 | 无法投递 | 无法送达 | 投递失败 | 退信",
)
"""What such a report says: a mail was not delivered, or not yet. Alone it makes no report; who wrote it is asked as well."""

PERSONAL: tuple[str, ...] = tuple(
    f" {word} "
    for word in phrases(
        "i | i'm | i've | my | me | we | our | hello | hi | hey | dear | please help | thanks | thank you | regards",
        "je | j'ai | mon | ma | mes | nous | notre | bonjour | bonsoir | merci | cordialement",
        "ik | mijn | wij | we | ons | onze | hallo | dag | beste | goedendag | bedankt | groeten",
        "ich | mein | meine | wir | unser | unsere | guten tag | sehr geehrte | danke",
    )
)
"""Words of a person who speaks of himself, or to somebody."""

DELAYS: tuple[str, ...] = phrases(
    "not yet been delivered | has been delayed | is delayed | delayed mail | warning message only | this is a warning only",
    "this is just a warning | will be retried | still being retried | delivery attempts will continue",
    "delivery attempts will be continued | will keep trying | will continue to try | will continue to attempt",
    "continue trying to deliver | has been postponed | notification (delay) | no action is required on your part",
    "temporary problem delivering | will continue trying | will retry | still undelivered | weitere zustellversuche",
    "verzogert | weiterhin versucht",
    "nouvelles tentatives | remise differee | remise retardee | n'a pas encore ete remis | vertraagd | nog niet bezorgd",
    "ha retrasado la entrega | entrega retrasada | recapito ritardato | non e stato ancora recapitato | 配信が遅延 | 再送を試みます",
)
"""A report that says one of these says "not yet" ..."""

GIVEN_UP: tuple[str, ...] = phrases(
    "i've given up | has given up | have given up | giving up | not going to try again | no further delivery attempts",
    "this is a permanent error | permanently failed | failed permanently",
)
"""... unless it says one of these too."""

ARRIVED: tuple[str, ...] = phrases(
    "notification (success) | was successfully delivered | were successfully delivered | been successfully delivered",
    "successfully relayed to | successful mail delivery",
)
"""Good news. A report that also says that something was not delivered is none."""

MACHINE_LOCAL_PARTS: frozenset[str] = frozenset(
    phrases(
        "mailer-daemon | mailerdaemon | maildaemon | mail-daemon | mailer_daemon | mdaemon | mail.delivery.system",
        "mail.delivery.subsystem | maildelivery | mailsystem | mail-system | mailer | smtpd | bounce | bounces | ndr",
    )
)
"""Local parts of From or Return-Path that only mail systems bear."""

MACHINE_LOCAL_PIECES: tuple[str, ...] = ("mailer-daemon", "daemon", "antivirus", "smtp_", "_smtp", "smtp-gateway", "microsoftexchange")
"""Pieces of such local parts of From."""

MACHINE_NAMES: tuple[str, ...] = (
    "mail delivery system",
    "mail delivery subsystem",
    "mail deliver system",
    "mailer-daemon",
    "mailer daemon",
    "delivery subsystem",
    "interscan",
)
"""Pieces of From, name and address together, of mail systems."""

KEEPER_LOCAL_PIECES: tuple[str, ...] = ("postmaster", "post_master", "post-master", "sysadmin")
"""Pieces of local parts under which both a mail system and the person who keeps it write."""

KEEPER_NAMES: tuple[str, ...] = ("system administrator", "mail administrator", "postmaster")
"""Pieces of From by which both are named."""

FULL: tuple[str, ...] = phrases(
    "mailbox full | mailbox is full | mailbox for user is full | full mailbox | mailfolder is full | mail box full",
    "maildir full | maildir over quota | over quota | overquota | over the quota | over his quota | over disk quota",
    "quota exceeded | exceeded quota | exceeded the quota | exceed quota | exceeds quota | quota exceed | disc quota",
    "disk quota | quota full | out of quota | quota violation | storage limit | storage quota | exceeded storage",
    "out of storage | insufficient disk | insufficient system storage | mailbox exceed | mailbox size | exceeds allowed size",
    "too much mail | mailbox has exceeded | exceeded the local limit | disk full | no space left | max message limit",
    "too many messages in | mailbox quota | not enough space | not enough storage | insufficient space | insufficient storage",
    "run out of space | inbox is full | inbox full",
    "boite pleine | boite aux lettres pleine | postfach voll | postfach ist voll | postvak is vol",
    "mailbox vol | buzon lleno | casella piena | casella di posta piena | boite de reception pleine | depasse son quota",
    "quota depasse | depassement de quota | espace disque insuffisant | postfach uberfullt | postfach ist uberfullt",
    "speicherplatz uberschritten | quota uberschritten | schijfquota | opslaglimiet | buzon esta lleno | cuota excedida",
    "est plein | destinataire pleine | postfach des empfangers ist voll | ist voll | ontvanger is vol | geadresseerde is vol",
    "caixa postal cheia | caixa de correio cheia | quota superata | boite saturee | aux lettres saturee",
    "casella e piena | postkasse er fuld | postkassen er fuld | postboks er full | brevlada ar full | brevladan ar full",
    "schranka je plna | skrzynka jest pelna | postilaatikko on taynna | ящик переполнен",
)
"""A mailbox that is full may be emptied (RFC 3463 X.2.2)."""

SENDER: tuple[str, ...] = phrases(
    "after mail from | in reply to mail from | reply to the mail from | sender address | sender's address | sender domain",
    "sender's domain | unroutable sender | unrouteable sender | sender unknown | unknown sender | bad sender | invalid sender",
    "sender rejected | sender denied | sender verify | sender verification | domain of sender | domain of the sender",
    "too many invalid recipients | from: domain | envelope sender | mail from domain | client host rejected | helo command rejected",
)
"""The one who sent was refused, or nobody had been named yet: what is said of unknown names and domains then is said of us. Postfix and
Exim tell which command was answered."""

UNASKED: tuple[str, ...] = phrases(
    "host not found, try again | temporary lookup failure | temporary failure in name resolution | domain lookup failed",
    "malformed or unexpected name server reply",
)
"""Whether the address is there could not be asked just then."""

GONE: tuple[str, ...] = phrases(
    "user unknown | unknown user | no such user | no such recipient | no such mailbox | no such address | no such person",
    "no mailbox here by that name | no account by that name | unknown recipient | recipient unknown | recipient not found",
    "unknown address | address unknown | unknown mailbox | unknown account | unknown local part | invalid recipient",
    "illegal alias | invalid mailbox | invalid user | bad destination | bad recipient | user not found | user not known",
    "user does not exist | need fully-qualified address",
    "user doesn't exist | mailbox not found | mailbox does not exist | mailbox unavailable | mailbox not available",
    "account does not exist | account that you tried to reach does not exist | address does not exist",
    "recipient does not exist | not a valid mailbox | not a known user | not listed in domino directory",
    "not listed in public name | not our customer | doesn't have a | recipient name is not recognized",
    "has been disabled or discontinued | account has been disabled | account is disabled | account disabled",
    "mailbox disabled | account inactive | no longer valid | no longer accepted | no longer available | user has moved",
    "has changed address | could not find a gateway | unrouteable address | unroutable address | host unknown | unknown host",
    "host not found | domain not found | domain name not found | no such domain | name or service not known",
    "domain does not exist | does not accept mail | indicated no smtp service | nullmx | malformed address",
    "address couldn't be found | address could not be found | address not found | address wasn't found | address was not found",
    "couldn't be found at | could not be found at | wasn't found at | was not found at | may not exist | does not exist",
    "doesn't exist | no user record found | there is no such | no longer in use | no longer active | no longer in service",
    "no longer exists | mailbox is disabled | mailbox is inactive | account is inactive | email account is closed",
    "account has been closed | account has been deleted | address has been deactivated | not a valid recipient",
    "not a valid user | not a valid address | not a registered | user not exist | user is unknown | recipient is unknown",
    "recipnotfound | has no mail exchanger | no mx found | null mx",
    # French
    "utilisateur inconnu | destinataire inconnu | adresse inconnue | adresse d au moins un destinataire invalide",
    "adresse introuvable | n'existe pas | n'existe plus | compte desactive | boite aux lettres desactivee | compte ferme",
    # German
    "unbekannter benutzer | unbekannter empfanger | empfanger unbekannt | adresse unbekannt | existiert nicht",
    "wurde nicht gefunden | konto ist deaktiviert | postfach ist deaktiviert | adresse nicht gefunden",
    # Dutch
    "onbekende gebruiker | onbekende ontvanger | adres onbekend | bestaat niet | niet gevonden",
    # Spanish, Portuguese, Italian
    "usuario desconocido | utente sconosciuto | no existe | nao existe | non esiste | destinatario sconosciuto",
)
"""An address or a domain that is not there."""

NOT_NOW: tuple[str, ...] = phrases(
    "try again | temporar | greylist | graylist | grey listed | grey-listed | timed out | timeout | too long in the queue",
    "in the queue too long | queue too long | retry time | connection refused | connection reset | unable to connect",
    "network is unreachable | no route to host | message expired | has expired | too large | too big | size limit",
    "message size exceed | exceeds size | exceeds the maximum | maximum message size | larger than | line limit | spam | junk",
    "unsolicited | blacklist | block list | blocklist | blocked | black list | blackhole | rbl | spamhaus | spamcop",
    "reputation | policy | policies | dmarc | spf | dkim | unauthenticated | authentication | not authorized | not permitted",
    "not allowed | forbidden | refused due to | protocol violation | protocol error | mismatch | not verified",
    "not accepting connections | at a rate | rdns | access denied",
    "administrative prohibition | administratively | relay | reverse dns | ptr record | rate limit | too many messages",
    "too many connections | too many concurrent | too many recipients | too many sessions | too many errors",
    "too many invalid | too many mails | virus | content rejected | content filter | prohibited",
    "throttl | service unavailable | out of memory | system error | configuration error | resources | aborted after | (bl)",
    "envelope expired | not reachable | hop count | too many hops | routing loop | mail loop",
    "loops back to myself | mailer error | pipe to | command died with status | bad gateway | ask your postmaster for help",
    "attempts: | delivered for more than | be delivered for | lost connection | dynamic ip | unacceptable content",
    "content scanner | banned | attachments of this type | illegal attachment | tls is required | smtputf8 | service refuse",
    "erreur temporaire | nicht erreichbar",
)
"""Refused for a reason that lies with this mail, with our server or with the day."""

TOGETHER: tuple[tuple[str, str, bool], ...] = (
    # Exchange Online refuses at its edge what is not in the directory, and calls it a routing failure and a matter of access.
    ("5.4.1", "recipient address rejected: access denied", True),
)
"""A status and words that mean something else together than each means alone."""

STATUS_HARD: tuple[tuple[str, bool], ...] = (
    ("4.", False),
    ("2.", False),
    ("5.1.7", False),  # the sender's address, not the recipient's
    ("5.1.8", False),
    ("5.1.20", False),  # Exchange Online: several From addresses
    ("5.1.90", False),  # Exchange Online: our own daily limit
    ("5.2.2", False),  # full
    ("5.2.3", False),  # larger than the mailbox takes
    ("5.2.121", False),  # Exchange Online: the recipient's hourly limit
    ("5.2.122", False),
    ("5.3.1", False),  # full, not accepting now, not capable, larger, configured wrongly: a system's day, not an address
    ("5.3.2", False),
    ("5.3.3", False),
    ("5.3.4", False),
    ("5.3.5", False),
    ("5.4.1", False),  # no answer, bad connection, directory failure, congestion, loop, expired
    ("5.4.2", False),
    ("5.4.3", False),
    ("5.4.5", False),
    ("5.4.6", False),
    ("5.4.7", False),
    ("5.4.14", False),  # Exchange Online: a loop; expired; no answer to a question of names; connections refused
    ("5.4.300", False),
    ("5.4.312", False),
    ("5.4.316", False),
    ("5.4.317", False),
    ("5.5.1", False),  # commands that the two servers disagree about
    ("5.5.2", False),
    ("5.5.3", False),
    ("5.5.4", False),
    ("5.5.5", False),
    ("5.6.", False),
    ("5.7.13", True),  # account disabled (RFC 5248's registry)
    ("5.7.17", True),  # the mailbox, or its domain, has another owner now (RFC 7293)
    ("5.7.18", True),
    ("5.7.", False),
    ("5.", True),
)
"""RFC 3463: the first row that fits decides; one with a dot at its end is a beginning. A sender that was refused, limits, contents and
policy are no fault of the address."""

CODE_HARD: tuple[tuple[str, bool], ...] = (
    ("521", True),  # the host, or its domain, takes no mail at all (RFC 7504)
    ("556", True),
    ("500", False),  # commands that the two servers disagree about
    ("502", False),
    ("503", False),
    ("504", False),
    ("530", False),  # we, or a relay of ours, should have logged in
    ("534", False),
    ("535", False),
    ("538", False),
    ("552", False),  # over the storage that there is (RFC 5321 §4.2.3)
    ("555", False),
    ("5", True),
    ("4", False),
)
"""RFC 5321 replies, asked where there is no status that says anything: the first beginning that fits decides."""

RETURNED = re.compile(
    r"^(?=.{8,120}$)[ \t|*=_~>.#-]*(?:"
    r"(?:below|here|attached|included|following|what follows)\b[^.]{0,40}\b(?:copy|part|message|header|mail)\b.*"
    r"|this is a copy of (?:the|your) message\b.*"
    r"|attachment is a copy\b.*"
    r"|the (?:header|headers|first \d+ lines|body) of (?:the|your) original\b.*"
    r"|the first \d+ lines of your\b.*"
    r"|(?:original|returned|unsent|undelivered|rejected|bounced|old) (?:message|mail|e-?mail)(?: (?:header|headers|text|body))?"
    r"(?: (?:follows?|as follows|as received.*|attached.*))?"
    r"|(?:message|mail) (?:header|headers|text|body)(?: follows?)?"
    r"|start of returned message"
    r"|(?:returned|original) (?:mail|message) follows"
    r"|mensaje original.*|message d'origine.*|message original.*|urspruengliche nachricht.*|ursprungliche nachricht.*"
    r"|originele? bericht.*|oorspronkelijk bericht.*|messaggio originale.*|a summary of the undelivered message.*"
    r"|your message reads.*"
    r")[ \t|*=_~:.<#-]*$"
)
"""A folded line behind which the mail that came back begins."""
