/** The page of a case. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";

import { browserTest, perform, withBrowser } from "./harness/browser";
import { act, customer, openCase, tokenOf } from "./harness/customers";
import { ask as query, member, password, somebody } from "./harness/people";
import { startServer } from "./harness/server";

withBrowser();

/** When a text came to the page's activity stream, by the machine's clock, which all browsers of a test share. */
function shownAt(of: Page, text: string): Promise<number> {
  return of.evaluate(
    (awaited) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const stream = document.querySelector('[aria-label="Activity Stream"]');
          if (!stream?.textContent.includes(awaited)) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        look();
      }),
    text,
  );
}

/** That the focus is there, or within: not at the top of the page, as after a control that had it is gone. */
async function keepsPlace(around: Locator): Promise<void> {
  await expect.poll(() => around.evaluate((each) => each.contains(document.activeElement))).toBe(true);
}

browserTest("a message typed in one browser shows in the other within two seconds", async (scene) => {
  const { place, visitor, page, another } = scene;
  const { ana, bo } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "The phone is silent");
  const desk = await another();
  await desk.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  const colleague = await another();
  await colleague.signIn(bo, `/cases/${number}`);
  await visitor.signIn(ana, `/cases/${number}`);
  const stream = (of: typeof page) => of.getByRole("list", { name: "Activity Stream" });
  for (const each of [page, desk.page, colleague.page]) await stream(each).getByText("opened the case").waitFor();

  // By keyboard alone. Every message comes; of several the fastest tells what the portal takes, and the others what the machine was doing.
  await page.getByRole("textbox", { name: "Write a message" }).focus();
  const took: number[] = [];
  for (const turn of [1, 2, 3, 4, 5]) {
    const text = `Is anybody there? (${turn})`;
    await page.keyboard.type(text);
    const shown = Promise.all([desk.page, colleague.page].map((each) => shownAt(each, text)));
    const sent = Date.now();
    await page.keyboard.press("Control+Enter");
    took.push(Math.max(...(await shown)) - sent);
    await stream(page).getByText(text).waitFor();
  }
  expect(Math.min(...took), `milliseconds of all: ${took.join(", ")}`).toBeLessThan(2000);
  await desk.page.getByText("New above").waitFor();
  await desk.page.getByRole("status").filter({ hasText: "Ana Torres wrote: Is anybody there? (5)" }).waitFor();
  expect(await page.getByRole("textbox", { name: "Write a message" }).inputValue()).toBe("");

  await desk.page.getByText("Note", { exact: true }).click();
  await desk.page.getByRole("textbox", { name: "Write a note for the desk" }).fill("Looks like the switch.");
  await desk.page.getByRole("button", { name: "Save note" }).click();
  await stream(desk.page).getByText("Looks like the switch.").waitFor();
  await desk.page.getByText("Message", { exact: true }).click();
  await desk.page.getByRole("textbox", { name: "Write a message" }).fill("We are looking into it.");
  await desk.page.keyboard.press("Control+Enter");
  await stream(page).getByText("We are looking into it.").waitFor();
  // The first answer took the case up, and the page knows.
  await page.getByText("Open", { exact: true }).first().waitFor();
  expect(await stream(page).getByText("Looks like the switch.").count()).toBe(0);
  await visitor.inspect("case");
  await desk.inspect("case-desk");
});

browserTest("a case is settled: resolved, rejected, resolved, accepted, rated, followed up", async (scene) => {
  const { place, visitor, page, another } = scene;
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "No dial tone");
  const desk = await another();
  await desk.signIn(await member(place, "agent", somebody("Dee Park")), `/cases/${number}`);
  await visitor.signIn(ana, `/cases/${number}`);
  const resolve = async (answer: string) => {
    await desk.page.getByRole("button", { name: "Resolve" }).click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Answer" }).fill(answer);
    await dialog.getByRole("button", { name: "Resolve" }).click();
    await dialog.waitFor({ state: "hidden" });
  };
  await desk.page.getByRole("button", { name: "Take up" }).click();
  await desk.page.getByRole("button", { name: "Take up" }).waitFor({ state: "hidden" });
  await resolve("The line card was replaced.");
  await page.getByRole("button", { name: "Still not solved" }).click();
  await visitor.inspect("case-resolved");
  await page.getByRole("textbox", { name: "What is still wrong?" }).fill("It is silent again.");
  await visitor.hasKept(`rejection.${id}`);
  await page.reload();
  await page.getByRole("button", { name: "Still not solved" }).click();
  expect(await page.getByRole("textbox", { name: "What is still wrong?" }).inputValue()).toBe("It is silent again.");
  await page.getByRole("button", { name: "Send and reopen" }).click();
  await page.getByText("reopened the case").or(page.getByText("rejected the answer")).first().waitFor();

  await resolve("The cable was replaced, too.");
  await page.getByRole("button", { name: "Accept the answer" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("This case is closed").waitFor();
  await keepsPlace(page.getByRole("alert").filter({ hasText: "This case is closed" }));
  await page.getByRole("radio", { name: "5, very good" }).check();
  await page.getByRole("button", { name: "Send rating" }).click();
  await page.getByText("You rated the answer 5 of 5.").waitFor();
  expect(await page.getByRole("textbox", { name: "Write a message" }).count()).toBe(0);
  await visitor.inspect("case-closed");

  await page.getByRole("link", { name: "Open a follow-up case" }).click();
  await page.getByRole("heading", { name: `Follow-up to ${number}` }).waitFor();
  await page.getByRole("textbox", { name: "Description" }).fill("It is back.");
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/cases/") && !url.pathname.endsWith(number));
  await page.getByText("Follow-up of").waitFor();
});

browserTest("a case is canceled with a reason", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Wrong number");
  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByRole("button", { name: "Cancel Case" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Another reason" }).check();
  await dialog.getByRole("button", { name: "Cancel Case" }).click();
  await dialog.getByText("Please fill this in.").waitFor();
  await visitor.inspect("case-cancel");
  await dialog.getByRole("textbox", { name: "Comment" }).fill("We moved away.");
  await dialog.getByRole("button", { name: "Cancel Case" }).click();
  await page.getByText("This case was canceled").waitFor();
  await page.getByText("Another reason: We moved away.").waitFor();
  await keepsPlace(page.getByRole("main"));
});

browserTest("a case that is resolved while somebody cancels it says so", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { id, number } = await openCase(place, await tokenOf(place, ana), "Wrong number");
  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByRole("button", { name: "Cancel Case" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Another reason" }).check();
  await dialog.getByRole("textbox", { name: "Comment" }).fill("We moved away.");
  const agent = await tokenOf(place, await member(place, "agent", somebody("Dee Park")));
  await act(place, agent, "caseTriageClear", "CaseTriageClearInput", { caseId: id });
  await act(place, agent, "caseResolve", "CaseResolveInput", {
    caseId: id,
    code: "fixed",
    resolution: "It was the fuse.",
  });
  await page.getByText("Resolved", { exact: true }).first().waitFor();
  await dialog.getByRole("button", { name: "Cancel Case" }).click();
  await dialog.getByText("The case has changed in the meantime").waitFor();
  await dialog.getByText("Dee Park resolved the case").waitFor();
  expect(await dialog.getByRole("textbox", { name: "Comment" }).inputValue()).toBe("We moved away.");
  await dialog.getByRole("button", { name: "Keep the case" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("It was the fuse.").first().waitFor();
});

browserTest("two pages of a browser have one draft of a message, and send it once", async (scene) => {
  const { place, visitor, page } = scene;
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "The phone is silent");
  await visitor.signIn(ana, `/cases/${number}`);
  const other = await visitor.context.newPage();
  await other.goto(`/cases/${number}`);
  const [box, otherBox] = [page, other].map((each) => each.getByRole("textbox", { name: "Write a message" }));
  const stream = other.getByRole("list", { name: "Activity Stream" });
  await stream.getByText("opened the case").waitFor();
  // As fast as keys come: what the other page shows meanwhile is older.
  await box?.pressSequentially("It is the red one.");
  expect(await box?.inputValue()).toBe("It is the red one.");
  await expect.poll(() => otherBox?.inputValue()).toBe("It is the red one.");
  await otherBox?.press("End");
  await other.keyboard.type(" In the hall.");
  await expect.poll(() => box?.inputValue()).toBe("It is the red one. In the hall.");
  await other.keyboard.press("Control+Enter");
  await stream.getByText("It is the red one. In the hall.").waitFor();
  await expect.poll(() => box?.inputValue()).toBe("");
  await page.getByRole("region", { name: "Messages on their way" }).waitFor({ state: "detached" });
  expect(await stream.getByText("It is the red one. In the hall.").count()).toBe(1);
});

browserTest("whoever signs in next sends nothing of who was there before", async ({ place, visitor, page }) => {
  const { ana, bo } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "The phone is silent");
  const text = "Only Ana says this.";
  visitor.expectComplaint(/ERR_FAILED|Failed to load resource/u);
  await visitor.signIn(ana, `/cases/${number}`);
  const box = page.getByRole("textbox", { name: "Write a message" });
  await page.getByText("opened the case").waitFor();
  await page.route("**/graphql", (route) => route.abort());
  await box.fill(text);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").filter({ hasText: "Not sent." }).waitFor();
  await box.fill("Half a thought of Ana's");

  const other = await visitor.context.newPage();
  await other.goto("/");
  await other.getByRole("button", { name: /Ana Torres/u }).click();
  await other.getByRole("menuitem", { name: "Sign out" }).click();
  await other.getByRole("textbox", { name: "Email address or username" }).fill(bo.email);
  await other.getByRole("textbox", { name: "Password" }).or(other.getByLabel("Password")).first().fill(password);
  await other.keyboard.press("Enter");
  await other.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  // The first page has heard of it, and shows nothing that was Ana's.
  await page.getByText("No answer").waitFor();
  expect(await page.getByText("Half a thought").count()).toBe(0);
  await page.unroute("**/graphql");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: /Bo Lind/u }).waitFor();
  const stream = page.getByRole("list", { name: "Activity Stream" });
  await stream.getByText("opened the case").waitFor();
  expect(await box.inputValue()).toBe("");
  await box.fill("And this is Bo.");
  await page.keyboard.press("Control+Enter");
  await stream.getByText("And this is Bo.").waitFor();
  // Whether Ana's other page sent it while she was there or nobody did: it is not Bo's.
  expect(await stream.getByRole("listitem").filter({ hasText: text }).filter({ hasText: "Bo Lind" }).count()).toBe(0);
});

browserTest("a message goes once however often one clicks, and may be discarded", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "The phone is silent");
  visitor.expectComplaint(/ERR_FAILED|Failed to load resource/u);
  await visitor.signIn(ana, `/cases/${number}`);
  const box = page.getByRole("textbox", { name: "Write a message" });
  const stream = page.getByRole("list", { name: "Activity Stream" });
  await stream.getByText("opened the case").waitFor();
  await box.fill("Once is enough.");
  await page.getByRole("button", { name: "Send" }).dblclick();
  await stream.getByText("Once is enough.").waitFor();
  expect(await page.getByText("Write something first.").count()).toBe(0);

  await page.route("**/graphql", (route) => route.abort());
  await box.fill("Never mind.");
  await page.keyboard.press("Control+Enter");
  const waiting = page.getByRole("region", { name: "Messages on their way" });
  await waiting.getByText("Not sent.").waitFor();
  await visitor.inspect("case-not-sent");
  await waiting.getByRole("button", { name: "Discard" }).click();
  await waiting.waitFor({ state: "detached" });
  await expect.poll(() => box.evaluate((each) => each === document.activeElement)).toBe(true);
  await page.unroute("**/graphql");
  await page.reload();
  await stream.getByText("Once is enough.").waitFor();
  expect(await stream.getByText("Once is enough.").count()).toBe(1);
  expect(await page.getByText("Never mind.").count()).toBe(0);
});

browserTest("whoever signs out leaves when what they sent is there", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const { id, number } = await openCase(place, token, "The phone is silent");
  visitor.expectComplaint(/ERR_FAILED|401|Failed to load resource/u);
  const leave = async () => {
    await page.getByRole("button", { name: /Ana Torres/u }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
  };
  const told = page.getByRole("alertdialog", { name: "You are still signed in" });
  const send = async (text: string) => {
    await page.getByRole("textbox", { name: "Write a message" }).fill(text);
    await page.keyboard.press("Control+Enter");
  };
  let isReached = false;
  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByText("opened the case").waitFor();
  await page.route("**/graphql", (route) => (isReached ? route.continue() : route.abort()));

  await leave();
  await told.getByText("could not sign you out").waitFor();
  await told.getByRole("button", { name: "Stay signed in" }).click();
  await told.waitFor({ state: "detached" });

  await send("I go now.");
  await page.getByText("Not sent.").waitFor();
  await leave();
  await told.getByText("A message that you sent is not there yet.").waitFor();
  await visitor.inspect("leaving");
  isReached = true;
  await page.waitForURL("**/sign-in");
  const said = async () =>
    query<{ node: { activity: { edges: { node: { text: string | null } }[] } } }>(
      place,
      "query ($id: ID!) { node(id: $id) { ... on Case { activity(last: 9) { edges { node { text } } } } } }",
      { id },
      token,
    ).then(({ node }) => node.activity.edges.map((edge) => edge.node.text));
  expect(await said()).toContain("I go now.");

  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByText("I go now.").waitFor();
  isReached = false;
  await send("On second thought");
  await page.getByText("Not sent.").waitFor();
  await leave();
  await told.waitFor();
  await page.getByRole("link", { name: "Support", exact: true }).click();
  await told.getByRole("link", { name: `look at ${number}` }).click();
  await page.waitForURL(`**/cases/${number}`);
  isReached = true;
  await told.getByRole("button", { name: "Discard and sign out" }).click();
  // Whoever is next has no business where one was.
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
});

browserTest("a text that is too long is not cut, but said to be too long", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "The phone is silent");
  await visitor.signIn(ana, `/cases/${number}`);
  const box = page.getByRole("textbox", { name: "Write a message" });
  await box.fill("x".repeat(32_001));
  await page.getByText("This is too long: it has 32,001 characters, and 32,000 are taken.").waitFor();
  await page.getByRole("button", { name: "Send" }).click();
  expect((await box.inputValue()).length).toBe(32_001);
  // As people count: each of these is two for a program.
  await box.fill("\u{1F4DE}".repeat(20_000));
  await page.getByText("This is too long").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("list", { name: "Activity Stream" }).getByText("\u{1F4DE}\u{1F4DE}").waitFor();
});

browserTest("what was being written goes on where the case does", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const token = await tokenOf(place, ana);
  const goes = await openCase(place, token, "Still no dial tone");
  const stays = await openCase(place, token, "No dial tone");
  await visitor.signIn(ana, `/cases/${goes.number}`);
  const box = page.getByRole("textbox", { name: "Write a message" });
  await box.fill("It began on Monday.");
  const file = { name: "noise.log", mimeType: "text/plain", buffer: Buffer.from("crackle") };
  await page.locator("form input[type=file]").first().setInputFiles(file);
  const chosen = page.getByRole("list", { name: "Files to be sent" });
  await chosen.getByText("Ready").waitFor();
  // Another page of the portal, and back.
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.goBack();
  await chosen.getByText("Ready").waitFor();
  const agent = await tokenOf(place, await member(place, "agent", somebody("Dee Park")));
  await act(place, agent, "caseMerge", "CaseMergeInput", { caseId: goes.id, intoCaseId: stays.id });
  await page.waitForURL((url) => url.pathname === `/cases/${stays.number}`);
  await expect.poll(() => box.inputValue()).toBe("It began on Monday.");
  await chosen.getByText("Ready").waitFor();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("list", { name: "Activity Stream" }).getByText("It began on Monday.").waitFor();
  await page.getByRole("tab", { name: "Attachments (1)" }).waitFor();
});

browserTest("a file goes on while another part of the case is looked at", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Strange noise");
  await visitor.signIn(ana, `/cases/${number}`);
  let go = () => {};
  const gone = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/uploads/**", async (route) => {
    await gone;
    await route.continue();
  });
  await page
    .locator("form input[type=file]")
    .first()
    .setInputFiles({ name: "noise.log", mimeType: "text/plain", buffer: Buffer.from("crackle") });
  const chosen = page.getByRole("list", { name: "Files to be sent" });
  await chosen.getByRole("progressbar").waitFor({ state: "attached" });
  await page.getByRole("tab", { name: /Attachments/u }).click();
  await page.getByText("No files").waitFor();
  go();
  await page.getByRole("tab", { name: "Activity Stream" }).click();
  await chosen.getByText("Ready").waitFor();
  await page.getByRole("textbox", { name: "Write a message" }).fill("Listen.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("list", { name: "Activity Stream" }).getByText("noise.log").waitFor();
});

browserTest("a part of the page that does not come takes nothing else away", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Strange noise");
  visitor.expectComplaint(/ERR_FAILED|Failed to load resource|Failed to fetch|Unable to preload/u);
  let isThere = false;
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    const isAway = !isThere && (pathname === "/" || /(Attachments|FileField)-/u.test(pathname));
    return isAway ? route.abort() : route.continue();
  });
  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByRole("textbox", { name: "Write a message" }).fill("It crackles.");
  await page.getByRole("tab", { name: /Attachments/u }).click();
  await page.waitForEvent("requestfailed", { predicate: (request) => new URL(request.url()).pathname === "/" });
  expect(await page.getByRole("heading", { name: /Strange noise/u }).count()).toBe(1);
  isThere = true;
  await page.getByText("No files").waitFor();
  await page.getByRole("tab", { name: "Activity Stream" }).click();
  expect(await page.getByRole("textbox", { name: "Write a message" }).inputValue()).toBe("It crackles.");
});

browserTest("a file's name may be long, and is read in its own direction", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Strange noise");
  await visitor.signIn(ana, `/cases/${number}`);
  const file = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from("crackle") });
  const chosen = page.getByRole("list", { name: "Files to be sent" });
  const name = `${"n".repeat(196)}.txt`;
  await page.locator("form input[type=file]").first().setInputFiles(file(name));
  await chosen.getByText("Ready").waitFor();
  await visitor.inspect("case-long-name");
  // Sending again what will not be taken is no use.
  await page.locator("form input[type=file]").first().setInputFiles(file("photo\u202Egpj.exe"));
  await chosen.getByRole("alert").filter({ hasText: "rename the file" }).waitFor();
  await chosen.getByText("photo[U+202E]gpj.exe").waitFor();
  expect(await chosen.getByRole("button", { name: "Try again" }).count()).toBe(0);
  await chosen.getByRole("button", { name: /exe out/u }).click();
  await page.getByRole("textbox", { name: "Write a message" }).fill("Listen to this.");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("list", { name: "Activity Stream" }).locator("bdi").getByText(name).waitFor();
  await visitor.inspect("case-long-name-sent");
});

browserTest("files and watchers are added and taken away", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, ana), "Strange noise");
  await visitor.signIn(ana, `/cases/${number}?tab=attachments`);
  await page.getByText("No files").waitFor();
  const panel = page.getByRole("tabpanel", { name: /Attachments/u });
  await panel.locator("input[type=file]").setInputFiles({
    name: "noise.log",
    mimeType: "text/plain",
    buffer: Buffer.from("crackle"),
  });
  await panel.getByRole("button", { name: "Add to the case" }).click();
  await panel.getByRole("link", { name: "noise.log" }).waitFor();
  await visitor.inspect("case-attachments");
  await panel.getByRole("button", { name: "Remove noise.log" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await panel.getByText("noise.log (removed)").waitFor();

  await page.getByRole("tab", { name: /Manage Watch List/u }).click();
  const box = page
    .getByRole("combobox", { name: "Contact or e-mail address" })
    .or(page.getByLabel("Contact or e-mail address"));
  await box.first().fill("not an address");
  await page.keyboard.press("Enter");
  await page.getByText("Neither a contact nor an e-mail address").waitFor();
  await box.first().fill("miller@mill.example");
  await page.keyboard.press("Enter");
  await page.getByText("Has not confirmed yet").waitFor();
  await box.first().fill("Bo Lind");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Remove Bo Lind from the list" }).waitFor();
  await visitor.inspect("case-watch-list");
  await page.getByRole("button", { name: "Remove Bo Lind from the list" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove Bo Lind from the list" }).waitFor({ state: "hidden" });
  await keepsPlace(page.getByRole("list", { name: "Manage Watch List" }));
});

browserTest("a case that is not there looks like one that may not be seen", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const other = await customer(place);
  const { number } = await openCase(place, await tokenOf(place, other.ana), "Somebody else's");
  await visitor.signIn(ana, `/cases/${number}`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  await page.goto("/cases/CS-999999");
  await page.getByRole("heading", { name: "Not found" }).waitFor();
});

browserTest("a case that waits for its customer says so", async ({ place, visitor, page }) => {
  const { ana } = await customer(place);
  const opened = await openCase(place, await tokenOf(place, ana), "Which router?");
  const agent = await tokenOf(place, await member(place, "agent", somebody("Dee Park")));
  await act(place, agent, "caseWaitStart", "CaseWaitStartInput", { caseId: opened.id, reason: "CUSTOMER" });
  await visitor.signIn(ana, `/cases/${opened.number}`);
  await page.getByText("Waiting for you", { exact: true }).waitFor();
  await visitor.inspect("case-waiting");
  await page.getByRole("textbox", { name: "Write a message" }).fill("The gray one.");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Waiting for you", { exact: true }).waitFor({ state: "hidden" });
});

test("a restart of the service is survived without loading the page again, and nothing typed is lost", async () => {
  const server = await startServer();
  try {
    await perform(
      "a restart is survived",
      "en",
      async ({ visitor, page, another }) => {
        const { ana, bo } = await customer(server.place);
        const { number } = await openCase(server.place, await tokenOf(server.place, ana), "Before the restart");
        const colleague = await another();
        for (const each of [visitor, colleague]) each.expectComplaint(/ERR_|WebSocket|Failed to load resource/u);
        await visitor.signIn(ana, "/support");
        await page.getByRole("link", { name: number }).click();
        await colleague.signIn(bo, `/cases/${number}`);
        const stream = (of: typeof page) => of.getByRole("list", { name: "Activity Stream" });
        for (const each of [page, colleague.page]) await stream(each).getByText("opened the case").waitFor();
        await page.evaluate(() => Object.assign(window, { notReloaded: true }));
        const box = page.getByRole("textbox", { name: "Write a message" });

        await server.stop();
        await box.fill("Written while it was away.");
        await page.keyboard.press("Control+Enter");
        const failed = page.getByRole("alert").filter({ hasText: "Not sent." });
        await failed.waitFor();
        await box.fill("Half a thought");
        // It goes by itself, whatever page is open by then.
        await page.getByRole("link", { name: "Support", exact: true }).click();
        await server.restart();
        await stream(colleague.page).getByText("Written while it was away.").waitFor();
        await page.getByRole("link", { name: number }).click();
        await stream(page).getByText("Written while it was away.").waitFor();
        expect(await stream(colleague.page).getByText("Written while it was away.").count()).toBe(1);
        expect(await box.inputValue()).toBe("Half a thought");
        expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
      },
      server.place,
    );
  } finally {
    await server.stop();
    server.remove();
  }
});
