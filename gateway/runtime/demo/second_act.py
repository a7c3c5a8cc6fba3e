"""The second act of the demo: what happens around an answer. The customer comes to the page by the links of his mails."""

from __future__ import annotations

from email.message import EmailMessage

from gateway.runtime.demo.browser import Browser, Page, link_in, links_in
from gateway.runtime.demo.evidence import require
from gateway.runtime.demo.people import says
from gateway.runtime.demo.story import Story

STEPS_OF_SURVEY = 5


def _agent_says(story: Story, words: str, head: str) -> None:
    """The agent answers the newest mail that he has about the ticket."""
    agent = story.cast.agent
    story.handled(story.written("agent", f"{agent.name} {head}", agent.reply(story.mails["A02"], words)))


def _open(mail: EmailMessage, part: str, what: str) -> tuple[Browser, Page]:
    """The customer opens a link of a mail, in a browser without cookies."""
    link = link_in(mail, part)
    require(link, f"a link to {what} in the mail")
    browser = Browser()
    page = browser.open(link)
    require(page.status == 200, f"a page to {what}; it answered {page.status}")
    return browser, page


def refuses(story: Story) -> None:
    """12: M05, and the answer on the page."""
    _agent_says(story, story.script.approval, "asks for approval")
    asked = story.arrives(story.cast.customer, f"{story.key}.approval-request", f"M05, approval → {story.cast.customer.name}")
    require(story.status() == "waiting_approval", "status waiting_approval")
    for link in links_in(asked):
        Browser().open(link)
    require(story.status() == "waiting_approval", "a status that no opened link changes")
    story.show.passed("a scanner has opened every link of the mail, and nothing has changed: only a button decides")
    browser, page = _open(asked, "/refuse", "refuse")
    story.show.say(f"{story.cast.customer.name} opens « {page.title} » and writes: {story.script.refusal}")
    after = browser.send(page, texte=story.script.refusal)
    require(after.status == 200, f"a page after the refusal; it answered {after.status}")
    require(story.status() == "in_progress", f"status in_progress after the refusal; it is {story.status()}")
    told = story.arrives(story.cast.agent, f"{story.key}.agent-client-decided", f"A03, refused → {story.cast.agent.name}")
    require(says(told, story.script.refusal), "the reason in A03")
    story.mails["A02"] = told
    story.show.passed(f"refused on the page, with the reason; status {story.label()}, and the agent was told at once")


def accepts(story: Story) -> None:
    """13: the decision by mail, and its receipt."""
    customer = story.cast.customer
    _agent_says(story, story.script.approval_again, "asks again")
    asked = story.arrives(customer, f"{story.key}.approval-request", f"M05, approval → {customer.name}")
    sent = story.written("customer", f"{customer.name} replies", customer.reply(asked, story.script.acceptance))
    story.effect(sent, "comment")
    receipt = story.arrives(customer, f"{story.key}.decision-receipt", f"M12, noted → {customer.name}")
    require(link_in(receipt, "/u/"), "a way back in M12")
    require(story.status() == "to_deliver", f"status to_deliver; it is {story.status()}")
    story.mails["A02"] = story.arrives(story.cast.agent, f"{story.key}.agent-client-decided")
    story.show.passed(f"the first word decided: status {story.label()}; it can be taken back for half an hour")


def rates(story: Story) -> None:
    """14: M06 with the survey."""
    customer = story.cast.customer
    _agent_says(story, story.script.resolved, "resolves it")
    done = story.arrives(customer, f"{story.key}.resolved", f"M06, resolved → {customer.name}")
    steps = [link for link in links_in(done) if "/avis/" in link]
    require(len(steps) == STEPS_OF_SURVEY, "five steps in M06")
    for link in steps:
        Browser().open(link)
    require(story.ledger.rating(story.key) is None, "no rating by a link alone")
    browser = Browser()
    thanks = browser.send(browser.open(steps[3]))
    require(story.ledger.rating(story.key) == 4, f"the rating 4; it is {story.ledger.rating(story.key)}")
    story.show.say(f"{customer.name} follows « 4 » and presses the button: {thanks.title}")
    browser.send(browser.open(steps[4]), texte=story.script.praise)
    require(story.ledger.rating(story.key) == STEPS_OF_SURVEY, f"the rating 5; it is {story.ledger.rating(story.key)}")
    story.show.passed("all five links opened: nothing counted. 4 by a button, changed to 5 with a word: 5 counts, both are kept")


def answers_the_guard(story: Story) -> None:
    """15: a guarded mail is answered all the same."""
    cast = story.cast
    _agent_says(story, story.script.closed, "closes it")
    closed = story.arrives(cast.customer, f"{story.key}.closed", f"M07, closed → {cast.customer.name}")
    require(story.status() == "closed", f"status closed; it is {story.status()}")
    sent = story.written(
        "customer", f"{cast.customer.name} answers what asks for no answer", cast.customer.reply(closed, story.script.late_words)
    )
    story.effect(sent, "held")
    back = story.arrives(cast.customer, f"{story.key}.guard-returned", f"M11, handed back → {cast.customer.name}")
    require(says(back, story.script.late_words), "his words in M11")
    require(story.status() == "closed", "a status that the reply alone does not change")
    browser, page = _open(back, "/g/", "publish")
    after = browser.send(page, button=("do", "publish_and_reopen"))
    require(after.status == 200, f"a page after publishing; it answered {after.status}")
    require(story.status() == "reopened", f"status reopened; it is {story.status()}")
    told = story.arrives(cast.agent, f"{story.key}.agent-client-decided", f"A03, reopened → {cast.agent.name}")
    require(says(told, story.script.late_words), "the words in A03")
    story.mails["M11"] = back
    story.show.passed(f"kept, handed back, and published by one button: status {story.label()}")


def looks(story: Story) -> None:
    """16: the page itself."""
    browser, page = _open(story.mails["M11"], f"/t/{story.key}", "see the ticket")
    require("k=" not in page.url, "a clean address after the link was opened")
    require(browser.cookies == 1, "one cookie for this one ticket")
    for words in (story.script.refusal, story.script.late_words):
        require(" ".join(words.split()) in page.words, f"“{words}” on the page")
    require(story.script.note.partition("\n")[2].split(".")[0] not in page.words, "a page without the agents' note")
    require(Browser().open(page.url).status == 404, "nothing for a browser without the link")
    story.page_url = link_in(story.mails["M11"], f"/t/{story.key}")
    story.show.passed("all that was said to him, newest first, and no note; without the link there is no such page")
