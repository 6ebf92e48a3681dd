/** The desk: its lists and its keys. */
import { expect } from "vitest";

import { browserTest, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { documentOf } from "./harness/documents";
import { member, somebody } from "./harness/people";

withBrowser();

browserTest("what waits and what is in triage are lists of the desk", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const dee = await member(place, "agent", somebody("Dee Park"));
  const agent = await tokenOf(place, dee);
  // So urgent that they are first in each list, whatever else there is.
  const open = async (text: string) => {
    const opened = await openCase(place, token, text);
    await act(place, agent, "caseSetPriority", "CaseSetPriorityInput", { caseId: opened.id, priority: "CRITICAL" });
    return opened;
  };
  const waits = await open("The vendor sends a new part");
  await act(place, agent, "caseTriageClear", "CaseTriageClearInput", { caseId: waits.id });
  await act(place, agent, "caseWaitStart", "CaseWaitStartInput", { caseId: waits.id, reason: "VENDOR" });
  const unlisted = await open("The new building has no dial tone");

  const listed: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (documentOf(request)?.includes("cases(")) listed.push(documentOf(request));
  });
  await visitor.signIn(dee, "/desk");
  const views = page.getByRole("navigation", { name: "Cases" });
  await views.getByRole("link", { name: /Billing \d+/u }).waitFor();
  expect(listed, "one request for the list, all views and all queues").toHaveLength(1);

  const list = page.getByRole("region", { name: "Cases" });
  const row = (of: { number: string }) => list.getByRole("row").filter({ hasText: of.number });
  await views.getByRole("link", { name: /^Waiting/u }).click();
  await row(waits).getByText("Waiting for a vendor").waitFor();
  await row(waits).getByText("Dee Park").waitFor();
  expect(await row(unlisted).count()).toBe(0);
  expect(new URL(page.url()).search).toBe("?view=waiting");
  await visitor.inspect("desk-waiting");
  await views.getByRole("link", { name: /^Triage/u }).click();
  await row(unlisted).getByText("Not listed").first().waitFor();
  expect(await row(waits).count()).toBe(0);
  await visitor.inspect("desk-in-triage");
  const counted = async () => Number(/\d+/u.exec(await views.getByRole("link", { name: /^Triage/u }).innerText())?.[0]);
  const before = await counted();
  await act(place, agent, "caseTriageClear", "CaseTriageClearInput", { caseId: unlisted.id });
  // The address says which list it was.
  await page.reload();
  await page
    .getByText(/in triage/u)
    .first()
    .waitFor();
  await expect.poll(() => row(unlisted).count()).toBe(0);
  expect(await counted()).toBe(before - 1);
});

browserTest("what others do shows on the desk by itself", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const dee = await member(place, "agent", somebody("Dee Park"));
  const agent = await tokenOf(place, dee);
  const told = page
    .waitForEvent("websocket")
    .then(async (socket) =>
      socket.waitForEvent("framereceived", ({ payload }) => payload.toString().includes("deskChanges")),
    );
  await visitor.signIn(dee, "/desk");
  await page.getByText("You own no case at the moment").waitFor();
  await told;
  const { id, number } = await openCase(place, token, "It blinks");
  await act(place, agent, "caseTakeUp", "CaseTakeUpInput", { caseId: id });
  const since = Date.now();
  await page.getByRole("link", { name: number }).waitFor();
  expect(Date.now() - since, "sooner than whoever is not told looks again").toBeLessThan(15_000);
  await page.getByText("One case is yours to work on.").waitFor();
  await act(place, agent, "caseRelease", "CaseReleaseInput", { caseId: id });
  await page.getByText("You own no case at the moment").waitFor();
});

browserTest("the desk is walked by keys, which can be switched off", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const dee = await member(place, "agent", somebody("Dee Park"));
  const agent = await tokenOf(place, dee);
  const cases = [];
  for (const [text, priority] of [
    ["Apple", "LOW"],
    ["Banana", "CRITICAL"],
    ["Cherry", "HIGH"],
  ] as const) {
    const opened = await openCase(place, token, text);
    await act(place, agent, "caseTakeUp", "CaseTakeUpInput", { caseId: opened.id });
    await act(place, agent, "caseSetPriority", "CaseSetPriorityInput", { caseId: opened.id, priority });
    cases.push(opened);
  }
  const [apple, banana, cherry] = cases;
  await visitor.signIn(dee);
  await page.getByRole("link", { name: "Desk", exact: true }).click();
  await page.getByText("3 cases are yours to work on. The most urgent first.").waitFor();
  await visitor.inspect("desk");
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.keyboard.press("j");
  expect(await focused()).toBe(banana?.number);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  expect(await focused()).toBe(apple?.number);
  // There is none after the last.
  await page.keyboard.press("j");
  expect(await focused()).toBe(apple?.number);
  await page.keyboard.press("k");
  expect(await focused()).toBe(cherry?.number);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/cases/${cherry?.number ?? ""}`);

  const box = page.getByRole("textbox", { name: "Write a message" });
  await box.waitFor();
  await page.keyboard.press("r");
  expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
  // While something is typed, keys are letters.
  await page.keyboard.type("jack? c/o the carrier");
  expect(await box.inputValue()).toBe("jack? c/o the carrier");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await box.fill("");
  await page.goBack();
  await expect.poll(focused).toBe(cherry?.number);

  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search all cases" });
  expect(await search.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await visitor.inspect("keys");
  await page.getByRole("switch", { name: "Use single keys in this browser" }).uncheck();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator("#main").focus();
  await page.keyboard.press("c");
  await page.keyboard.press("j");
  expect(new URL(page.url()).pathname).toBe("/desk");
  expect(await focused()).not.toBe(banana?.number);

  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("switch", { name: "Use single keys in this browser" }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.locator("#main").focus();
  await page.keyboard.press("c");
  await page.waitForURL("**/create");
});

browserTest("the desk is for the desk", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  await visitor.signIn(ana, "/desk");
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  expect(await page.getByRole("link", { name: "Desk", exact: true }).count()).toBe(0);
  await page.keyboard.press("c");
  await page.keyboard.press("?");
  expect(new URL(page.url()).pathname).toBe("/desk");
  expect(await page.getByRole("dialog").count()).toBe(0);
});

browserTest(
  "la mesa de trabajo en español",
  async ({ place, visitor, page }) => {
    await visitor.signIn(await member(place, "agent", somebody("Dee Park")), "/desk");
    await page.getByRole("heading", { name: "Mesa de trabajo" }).waitFor();
    await page.getByText("Ahora no tiene casos a su cargo").waitFor();
    await visitor.inspect("desk-es");
    await page
      .getByRole("navigation", { name: "Casos" })
      .getByRole("link", { name: /^En espera/u })
      .click();
    await page
      .getByText("Ningún caso está en espera")
      .or(page.getByText(/en espera\./u))
      .first()
      .waitFor();
    await visitor.inspect("desk-waiting-es");
  },
  "es",
);
