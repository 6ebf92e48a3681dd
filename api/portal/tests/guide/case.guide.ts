/** How the guide's sections about one case are walked. */
import { expect } from "vitest";

import type { Scene } from "../harness/browser";
import { act, customer, openCase, tokenOf, type Customer, type Opened } from "../harness/customers";
import { choose, drop } from "../harness/files";
import { walk } from "../harness/guide";
import { member, somebody } from "../harness/people";

interface Followed extends Customer, Opened {
  /** Does something to the case as an agent. */
  desk: (mutation: string, type: string, input?: Record<string, unknown>) => Promise<void>;
}

/** A customer with a case, signed in. */
async function withCase({ place, visitor }: Scene): Promise<Followed> {
  const of = await customer(place);
  const opened = await openCase(place, await tokenOf(place, of.ana), "The phone is silent");
  const agent = await tokenOf(place, await member(place, "agent", somebody("Dee Park")));
  await visitor.signIn(of.ana);
  return {
    ...of,
    ...opened,
    desk: (mutation, type, input = {}) => act(place, agent, mutation, type, { caseId: opened.id, ...input }),
  };
}

/** The same, on the page of the case. */
async function onItsPage(scene: Scene): Promise<Followed> {
  const followed = await withCase(scene);
  await scene.page.goto(`/cases/${followed.number}`);
  return followed;
}

const resolved = ({ desk }: Followed, resolution: string) =>
  desk("caseResolve", "CaseResolveInput", { code: "fixed", resolution });

export const walks = [
  walk({
    section: "manage",
    begin: async (scene) => {
      const followed = await withCase(scene);
      await followed.desk("casePostMessage", "CasePostMessageInput", { body: "Which phone is it?" });
      return followed;
    },
    steps: [
      async (step, { number }, { page }) => {
        await page.goto("/my-account");
        for (const place of [1, 2]) {
          await step.control(place).click();
          await page.getByRole("heading", { level: 1, name: step.label(place) }).waitFor();
          if (place === 2) await page.getByRole("searchbox").fill(number);
          await page.getByRole("main").getByRole("link", { name: number }).first().click();
          await page.waitForURL(`**/cases/${number}`);
        }
      },
      async (step) => {
        await expect.poll(() => step.part("list").innerText()).toMatch(/Which phone is it\?[^]+The phone is silent/u);
      },
      async (step, _, { page }) => {
        await step.field(1).fill("The red one; see the picture.");
        await choose(page, step.control(2), { name: "phone.txt", text: "A red phone" });
        await page.getByText("phone.txt").waitFor();
        await expect.poll(() => page.getByRole("progressbar").count()).toBe(0);
        await step.control(3).click();
        await page.getByRole("listitem").filter({ hasText: "The red one; see the picture." }).waitFor();
        await step.field(1).fill("It is upstairs.");
        await page.keyboard.press("Control+Enter");
        await page.getByRole("listitem").filter({ hasText: "It is upstairs." }).waitFor();
      },
      async (step, _, { page }) => {
        await step.control().click();
        const download = page.waitForEvent("download");
        await page.getByRole("link", { name: "phone.txt" }).click();
        expect((await download).suggestedFilename()).toBe("phone.txt");
      },
      async (step, _, { page }) => {
        await drop(page, step.control(1), { name: "dropped.txt", text: "dropped" });
        await choose(page, step.control(1), { name: "chosen.txt", text: "chosen" });
        await expect.poll(() => step.control(2).isEnabled()).toBe(true);
        await step.control(2).click();
        for (const name of ["dropped.txt", "chosen.txt"]) await page.getByRole("link", { name }).waitFor();
      },
      async (step, _, { page }) => {
        const file = page.getByRole("listitem").filter({ hasText: "dropped.txt", visible: true });
        await step.button(1, file).click();
        await step.button(2, page.getByRole("dialog")).click();
        await page.getByRole("link", { name: "dropped.txt" }).waitFor({ state: "detached" });
      },
      async (step) => {
        await step.control().click();
      },
      async (step, { bo }, { page }) => {
        for (const who of [bo.name, "miller@mill.example"]) {
          await step.field(1).fill(who);
          await step.control(2).click();
          await page.getByRole("listitem").filter({ hasText: who, visible: true }).waitFor();
        }
      },
      async (step, { bo }, { page }) => {
        const row = page.getByRole("listitem").filter({ hasText: bo.name, visible: true });
        await step.button(1, row).click();
        await row.waitFor({ state: "detached" });
      },
    ],
  }),
  walk({
    section: "settle",
    begin: async (scene) => {
      const followed = await withCase(scene);
      await followed.desk("caseWaitStart", "CaseWaitStartInput", { reason: "CUSTOMER" });
      await scene.page.goto(`/cases/${followed.number}`);
      return followed;
    },
    steps: [
      async (step, _, { page }) => {
        await step.sees(1);
        await step.field(2).fill("The gray one.");
        await step.control(3).click();
        await page.getByText(step.label(1), { exact: true }).waitFor({ state: "detached" });
      },
      async (step, followed, { page }) => {
        await resolved(followed, "The line card was replaced.");
        await step.sees(1);
        await step.control(2).click();
        await step.field(3).fill("It is silent again.");
        await step.control(4).click();
        await page.getByText(step.label(1)).waitFor({ state: "detached" });
      },
      async (step, followed, { page }) => {
        await resolved(followed, "The cable was replaced, too.");
        await step.control().click();
        await step.control().waitFor({ state: "detached" });
        await page.getByRole("radiogroup").waitFor();
      },
      async (step, _, { page }) => {
        await step.part("radiogroup", 1).getByRole("radio").first().check();
        await step.control(2).click();
        await page.getByRole("radiogroup").waitFor({ state: "detached" });
      },
      async (step, { number }, { page }) => {
        expect(await page.locator("#message").count()).toBe(0);
        await step.control().click();
        await page.waitForURL(`**/create?followUp=${number}`);
      },
    ],
  }),
  walk({
    section: "cancel",
    begin: onItsPage,
    steps: [
      async (step, _, { page }) => {
        await step.control().click();
        await page.getByRole("dialog").waitFor();
      },
      async (step) => {
        await step.part("radiogroup", 1).waitFor();
        for (const place of [2, 3, 4, 5]) await step.control(place).waitFor();
        await step.control(6).check();
        await step.field(7).fill("We moved away.");
      },
      async (step, _, { page }) => {
        const dialog = page.getByRole("dialog");
        await step.control(2, dialog).click();
        await dialog.waitFor({ state: "hidden" });
        await step.control(1).click();
        await step.control(1, dialog).click();
        await page.getByText("We moved away.").first().waitFor();
        await step.control(1).waitFor({ state: "detached" });
      },
    ],
  }),
];
