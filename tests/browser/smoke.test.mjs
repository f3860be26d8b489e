// The chat's own page.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DESKTOP, PHONE, answer, ask, assertNoSidewaysScroll, assertTargets, assistants, field, focused, plain, said, screenshot, visitors, withChat,
} from "./harness.mjs";

test("desktop: an answer with its source", async () => {
  await withChat(DESKTOP, async (page) => {
    assert.equal(await page.getByRole("heading", { level: 1, name: /^Guichet\s+—\s+Assistance partenaires$/ }).count(), 1);
    assert.equal(await page.getByRole("group", { name: "Exemples de questions" }).getByRole("button").count(), 3);
    await assertTargets(page, 44);
    const bubble = await ask(page, "comment créer un ticket zendesk ?");
    assert.match(await bubble.locator(".body").innerText(), /Zendesk/);
    assert.match(await bubble.locator(".sources").first().innerText(), /^Fiche\u00a0: \S.*, mise à jour le \d{1,2}(er)? \S+ \d{4}$/);
    assert.equal(await field(page).inputValue(), "", "the field is emptied once the question is sent");
    const hrefs = await bubble.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    for (const href of hrefs) assert.match(href, /^(https?|mailto|tel):/);
    await assertNoSidewaysScroll(page);
    await screenshot(page, "desktop");
  });
});

test("phone: an ambiguous question", async () => {
  await withChat(PHONE, async (page) => {
    const bubble = await ask(page, "résiliation");
    const options = bubble.getByRole("group", { name: "Choix proposés" }).getByRole("button");
    if ((await options.count()) > 0) {
      await assertTargets(page, 44);
      await screenshot(page, "phone-options");
      const label = await options.first().innerText();
      await options.first().tap();
      const chosen = await answer(page, 2);
      assert.equal(await said(visitors(page).last()), plain(label));
      assert.equal(await chosen.getAttribute("data-decision"), "answer", "a chosen option is answered");
    } else {
      assert.equal(await bubble.getAttribute("data-decision"), "answer", "without options, it is an answer");
    }
    await assertNoSidewaysScroll(page);
    await screenshot(page, "phone");
  });
});

test("narrow phone: long words wrap", async () => {
  await withChat({ viewport: { width: 360, height: 640 } }, async (page) => {
    await ask(page, "x".repeat(300));
    await assertNoSidewaysScroll(page);
    await assertTargets(page, 44);
  });
});

test("keyboard only", async () => {
  await withChat(DESKTOP, async (page) => {
    const example = await page.getByRole("group", { name: "Exemples de questions" }).getByRole("button").first().innerText();
    // Backwards from the field, which has the focus on arrival.
    for (let step = 0; step < 12 && (await focused(page)) !== example; step += 1) await page.keyboard.press("Shift+Tab");
    assert.equal(await focused(page), example);
    const outline = await page.evaluate(() => {
      const button = document.activeElement?.shadowRoot?.activeElement;
      return button && getComputedStyle(button).outlineStyle;
    });
    assert.equal(outline, "solid", "the focus is visible");
    await page.keyboard.press("Enter");
    await answer(page, 1);
    assert.equal(await said(visitors(page).first()), plain(example));

    // The focus is back in the field: type, break the line, send.
    await page.keyboard.type("bonjour");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("comment créer un ticket zendesk ?");
    assert.equal(await field(page).inputValue(), "bonjour\ncomment créer un ticket zendesk ?");
    await page.keyboard.press("Enter");
    await answer(page, 2);
  });
});

test("suggestions: arrows, Escape, Enter", async () => {
  await withChat(DESKTOP, async (page) => {
    const list = page.getByRole("listbox", { name: "Questions proposées" });
    await field(page).pressSequentially("zendesk");
    await list.waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    assert.equal(await field(page).inputValue(), "zendesk", "Escape closes the list and keeps the text");

    await page.keyboard.press("Backspace");
    await list.waitFor();
    await page.keyboard.press("ArrowDown");
    const active = list.locator("[aria-selected=true]");
    const label = await active.innerText();
    assert.equal(await field(page).getAttribute("aria-activedescendant"), await active.getAttribute("id"));
    await page.keyboard.press("Enter");
    const bubble = await answer(page, 1);
    assert.equal(await said(visitors(page).first()), plain(label));
    assert.equal(await bubble.getAttribute("data-decision"), "answer", "a chosen suggestion is answered");
  });
});

test("markup in a message stays text", async () => {
  await withChat(DESKTOP, async (page) => {
    const hostile = '<img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script> **gras**';
    await ask(page, hostile);
    assert.equal(await visitors(page).first().locator(".text").textContent(), hostile);
    assert.equal(await page.locator(".log img, .log script").count(), 0);
    await page.reload();
    await answer(page, 1);
    assert.equal(await visitors(page).first().locator(".text").textContent(), hostile);
    assert.equal(await page.locator(".log img, .log script").count(), 0);
    assert.equal(await page.evaluate(() => "__pwned" in window), false);
  });
});

test("a reload keeps the conversation, « Nouvelle conversation » clears it", async () => {
  await withChat(DESKTOP, async (page) => {
    await ask(page, "comment créer un ticket zendesk ?");
    const first = await assistants(page).first().innerText();
    await page.reload();
    await answer(page, 1);
    assert.equal(await assistants(page).first().innerText(), first);
    assert.equal(await said(visitors(page).first()), "comment créer un ticket zendesk ?");

    await page.getByRole("button", { name: "Autres actions" }).click();
    await page.getByRole("button", { name: "Nouvelle conversation" }).click();
    assert.equal(await assistants(page).count(), 0);
    assert.equal(await visitors(page).count(), 0);
    await page.reload();
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
    assert.equal(await assistants(page).count(), 0, "the cleared conversation does not come back");
  });
});

test("a failure keeps the text and can be retried", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 503/);
    const pattern = "**/api/v1/conversations/*/messages";
    const detail = "Le service est momentanément indisponible.";
    await page.route(pattern, (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ type: "about:blank", title: "Indisponible", status: 503, detail, code: "unavailable" }),
      }),
    );
    await field(page).fill("comment créer un ticket zendesk ?");
    await field(page).press("Enter");
    const retry = page.getByRole("button", { name: "Réessayer" });
    await retry.waitFor();
    assert.match(await page.locator(".error").innerText(), new RegExp(detail));
    assert.equal(await visitors(page).count(), 1);
    await page.unroute(pattern);
    await retry.click();
    await answer(page, 1);
    assert.equal(await visitors(page).count(), 1, "the question is shown once");
    assert.equal(await page.locator(".error").count(), 0);
  });
});

test("a conversation the server has forgotten is replaced silently", async () => {
  await withChat(DESKTOP, async (page, expected) => {
    expected.push(/status of 40[14]/);
    await page.evaluate(() => {
      localStorage.setItem(`guichet:${location.origin}/`, JSON.stringify({ id: "inconnue", token: "perdu" }));
    });
    await page.reload();
    await page.getByRole("group", { name: "Exemples de questions" }).waitFor();
    await ask(page, "comment créer un ticket zendesk ?");

    // And in the middle of a conversation: the message is sent again, once.
    await page.route(
      "**/api/v1/conversations/*/messages",
      (route) =>
        route.fulfill({
          status: 404,
          contentType: "application/problem+json",
          body: JSON.stringify({ type: "about:blank", title: "Conversation inconnue", status: 404, code: "not_found" }),
        }),
      { times: 1 },
    );
    const session = () => page.evaluate(() => JSON.parse(localStorage.getItem(`guichet:${location.origin}/`) ?? "{}").id);
    const old = await session();
    await ask(page, "résiliation");
    assert.notEqual(await session(), old, "a new conversation has been opened");
    assert.equal(await visitors(page).count(), 2);
    assert.equal(await page.locator(".error").count(), 0);
  });
});
