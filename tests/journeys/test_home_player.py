"""The home player in a real Chromium on a phone's width: timers, breathing, sleep, no network, stops, keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from opentraction.care.home import exercises, programme_for
from tests.journeys.home_page import HomePage
from tests.unit.care_home.people import NOON, entry, well

PHONE = {"width": 360, "height": 740}
expect.set_options(timeout=15_000)
GRAVE = ["lower", "call", "emergency"]


@pytest.fixture
def home() -> Iterator[HomePage]:
    one = HomePage(programme_for(well(), 1, NOON))
    yield one
    one.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, timezone_id="UTC")  # type: ignore[arg-type]
    yield one
    one.close()


@pytest.fixture
def page(context: BrowserContext, home: HomePage) -> Iterator[Page]:
    """At the list, on a clock that stands at noon of the programme's day and moves when told."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console", lambda message: troubles.append(message.text) if "Content Security Policy" in message.text else 0
    )
    page.clock.install(time=NOON)
    page.goto(home.base)
    expect(page.get_by_role("heading", name="Your exercises today")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-kept", "yes")
    page.clock.pause_at(NOON + timedelta(minutes=1))
    yield page
    assert troubles == []


def choose(page: Page, question: str, words: str) -> None:
    page.get_by_role("group", name=question).get_by_role("radio", name=words, exact=True).check()


def begin(page: Page, name: str = "Breathe and brace", pain: str = "3") -> None:
    page.get_by_role("link", name=name).click()
    choose(page, "Pain now, before you start", pain)
    page.get_by_role("button", name="Start").click()


def answer(page: Page, pain: str = "3", leg: str = "No trouble", dizzy: str = "No") -> None:
    choose(page, "Pain now, after it", pain)
    choose(page, "Your leg, since you started", leg)
    choose(page, "Were you dizzy?", dizzy)
    page.get_by_role("button", name="Save").click()


def number(page: Page) -> str:
    return page.get_by_role("timer").inner_text()


def test_a_whole_exercise_with_its_timer_reaches_the_clinic(page: Page, home: HomePage) -> None:
    begin(page)
    expect(page.get_by_text("Get ready")).to_be_visible()
    assert number(page) == "5"
    page.clock.run_for(5100)
    expect(page.get_by_text("Step 1 of 11")).to_be_visible()
    assert number(page) == "20"
    expect(page.get_by_text("Breathe in", exact=True)).to_be_visible()
    page.clock.run_for(12_000)
    assert number(page) == "8"
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    assert number(page) == "8"
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(8000)
    expect(page.get_by_text("Tighten your belly")).to_be_visible()
    expect(page.get_by_text("Round 1 of 5")).to_be_visible()
    assert number(page) == "10"
    expect(page.locator(".holder svg title")).to_have_text("Bracing the belly")
    page.clock.run_for(5 * 16_000 + 500)
    expect(page.get_by_text("Well done.")).to_be_visible()
    answer(page)
    page.clock.run_for(100)
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    expect(page.get_by_text("1 of 2 done today")).to_be_visible()
    [got] = home.entries
    assert (got.exercise, got.done, got.nrs_before, got.nrs_after) == ("brace", "yes", 3, 3)
    assert (got.leg, got.dizzy, got.signs, got.minutes) == ("no", False, (), 1.7)
    assert home.tokens == ["token-1"]


def test_next_and_back_walk_and_the_breath_follows_the_step(page: Page) -> None:
    begin(page, "Forward hang")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Step 1 of 24")).to_be_visible()
    assert page.get_by_role("button", name="Back").is_disabled()
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("roll down slowly")).to_be_visible()
    page.clock.run_for(100)
    expect(page.get_by_text("Breathe in", exact=True)).to_be_visible()
    page.clock.run_for(1500)
    half = float(page.locator(".breath").get_attribute("r") or 0)
    assert 20 < half < 34
    page.clock.run_for(1600)
    expect(page.get_by_text("Breathe out", exact=True)).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Tilt your hips")).to_be_visible()
    assert number(page) == "3"


def test_a_phone_that_slept_waits_at_the_end_of_the_step(page: Page) -> None:
    begin(page)
    page.clock.run_for(8000)
    page.clock.fast_forward(600_000)
    expect(page.get_by_text("You were away.")).to_be_visible()
    assert number(page) == "0"
    page.clock.run_for(60_000)
    expect(page.get_by_text("Step 1 of 11")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Step 2 of 11")).to_be_visible()
    page.clock.run_for(1000)
    assert number(page) == "9"


def test_it_works_without_a_network_and_sends_when_it_is_back(
    page: Page, home: HomePage, context: BrowserContext
) -> None:
    home.dead = True
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("You are offline.")).to_be_visible()
    begin(page, "Roll at mid-back")
    page.clock.run_for(6000)
    expect(page.locator(".holder svg")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Come out slowly.")).to_be_visible()
    answer(page, pain="4")
    expect(page.get_by_text("1 saved on this phone.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 saved on this phone.")).to_be_visible()
    assert home.got == []
    home.dead = False
    context.set_offline(False)
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    page.reload()
    page.clock.run_for(31_000)
    [got] = home.entries
    assert (got.exercise, got.done, got.nrs_after) == ("thoracic-roll", "partly", 4)


@pytest.mark.parametrize(("status", "says", "later"), [
    (403, "Sign in again to send", 1),
    (503, "1 saved on this phone.", 1),
    (422, "1 could not be taken.", 0),
])  # fmt: skip
def test_nothing_is_lost_when_the_clinic_does_not_take_it(
    page: Page, home: HomePage, status: int, says: str, later: int
) -> None:
    home.status = status
    page.get_by_role("link", name="Walk").click()
    page.get_by_role("button", name="Not today").click()
    expect(page.get_by_text(says)).to_be_visible()
    home.status = 201
    sent = page.get_by_text("All sent to your clinic.")
    for _ in range(10 if later else 1):  # it tries every half minute; the first try may still be under way
        page.clock.run_for(31_000)
        page.wait_for_timeout(50)
        if sent.is_visible():
            break
    if later:
        expect(sent).to_be_visible()
    assert [got.done for got in home.entries] == ["no"] * later


def test_new_weakness_stops_everything_at_once_and_still_after_a_reload(page: Page) -> None:
    begin(page, "Walk")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Stop").click()
    answer(page, leg="New weakness or numbness")
    expect(page.get_by_role("heading", name="Stop. Call your clinic")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("New weakness or numbness in a leg or foot")
    page.get_by_role("button", name="All exercises").click()
    assert page.locator(".card").count() == 0
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Stop. Call your clinic")
    page.goto(page.url.split("#")[0] + "#walk")
    assert page.get_by_role("button", name="Start").count() == 0


def test_a_sign_of_cauda_equina_says_get_help_now(page: Page) -> None:
    begin(page, "Block under the low back")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("checkbox", name="Numb between the legs").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Get help now.")).to_be_visible()


def test_more_leg_pain_ends_that_one_for_today_only(page: Page) -> None:
    begin(page, "Forward hang")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Stop").click()
    answer(page, leg="Pain or tingling moved further down")
    expect(page.get_by_role("heading", name="Stop this one for today.")).to_be_visible()
    page.get_by_role("button", name="All exercises").click()
    page.get_by_role("link", name="Forward hang").click()
    assert page.get_by_role("button", name="Start").count() == 0
    page.get_by_role("link", name="All exercises").click()
    page.get_by_role("link", name="Walk").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_what_was_not_told_is_sent_as_not_told(page: Page, home: HomePage) -> None:
    page.get_by_role("link", name="Walk").click()
    page.get_by_role("button", name="Start").click()
    page.clock.run_for(20_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    [got] = home.entries
    assert (got.done, got.nrs_before, got.nrs_after, got.leg, got.dizzy) == ("partly", None, None, None, None)


def test_keys_alone_are_enough(page: Page, home: HomePage) -> None:
    page.get_by_role("link", name="Walk").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="0", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Step 1 of 2")).to_be_visible()
    page.clock.run_for(2000)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stopped.")).to_be_visible()
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    assert home.entries[0].nrs_before == 2


def test_with_reduced_motion_the_word_stays_and_the_shape_does_not_move(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    begin(page)
    page.clock.run_for(7000)
    expect(page.get_by_text("Breathe in", exact=True)).to_be_visible()
    assert page.locator(".breath").get_attribute("r") == "0"


SMALL = """() => [...document.querySelectorAll("button, a.card, a.button, summary, .options label, .switch")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.textContent, one.getBoundingClientRect().width, one.getBoundingClientRect().height])
    .filter(([, width, height]) => width < 44 || height < 44)"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_targets_are_big_enough_and_nothing_runs_off_the_side(page: Page) -> None:
    def fits() -> None:
        assert page.evaluate(SMALL) == []
        assert not page.evaluate(WIDE)

    fits()
    page.get_by_role("link", name="Forward hang").click()
    fits()
    page.get_by_role("button", name="Start").click()
    fits()
    stop = page.get_by_role("button", name="Stop").bounding_box()
    assert stop is not None
    assert stop["x"] + stop["width"] > 340
    assert stop["y"] + stop["height"] > 700
    page.get_by_role("button", name="Stop").click()
    fits()


def test_the_phone_stops_by_the_same_rules_as_the_clinic(page: Page, home: HomePage) -> None:
    rng = random.Random(7)
    asked, expected = [], []
    for one in home.config["exercises"]:
        for n in range(60):
            got = entry(
                one["id"],
                n,
                nrs_before=rng.choice([None, *range(11)]),
                nrs_after=rng.choice([None, *range(11)]),
                leg=rng.choice([None, "no", "same", "spread", "weak"]),
                dizzy=rng.choice([None, False, True]),
                signs=tuple(rng.sample(["saddle-or-bladder", "chest-or-breath", "skin"], rng.choice([0, 0, 1]))),
            )
            fired = [rule.then for rule in exercises()[one["id"]].stops if rule.fires(got)]
            asked.append([one["stops"], got.document()])
            expected.append(max(fired, key=GRAVE.index) if fired else None)
    judge = """async (asked) => {
        const { gravest } = await import("/player/rules.js");
        return asked.map(([rules, entry]) => gravest(rules, entry)?.then ?? null);
    }"""
    assert page.evaluate(judge, asked) == expected
    assert {None, *GRAVE} == set(expected)
