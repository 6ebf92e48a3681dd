/** How the guide's sections about finding and opening cases are walked. */
import { expect } from "vitest";

import type { Scene } from "../harness/browser";
import { act, anotherAccount, customer, openCase, tokenOf, type Customer, type Opened } from "../harness/customers";
import { choose, drop, paste } from "../harness/files";
import { walk, type Step } from "../harness/guide";

interface Cases extends Customer {
  apples: Opened;
  pears: Opened;
  canceled: Opened;
}

/** Somebody of two accounts with three cases, of which one was canceled; signed in. */
async function withCases({ place, visitor }: Scene): Promise<Cases> {
  const of = await customer(place);
  await anotherAccount(place, of.ana);
  const token = await tokenOf(place, of.ana);
  const canceled = await openCase(place, token, "Plums arrive too late");
  const pears = await openCase(place, token, "Pears are billed twice");
  const apples = await openCase(place, token, "Apples are not billed");
  await act(place, token, "caseCancel", "CaseCancelInput", { caseId: canceled.id, reason: "SOLVED_ITSELF" });
  await visitor.signIn(of.ana);
  return { ...of, apples, pears, canceled };
}

/** A phone's width, for as long as something is done. */
async function onAPhone({ page }: Scene, play: () => Promise<void>): Promise<void> {
  await page.setViewportSize({ width: 320, height: 800 });
  await play();
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What the address says by a name. */
const addressed = ({ page }: Scene, name: string) => new URL(page.url()).searchParams.get(name);

const rows = ({ page }: Scene) => page.locator("tbody tr");

const subjects = (scene: Scene) => rows(scene).locator("td:nth-child(2)").allInnerTexts();

/** Opens a field's choices with the mouse, wherever in its box the field itself is. */
const open = async (field: ReturnType<Step["field"]>) => field.click({ force: true });

/** Picks what has a text. */
async function pick({ page }: Scene, field: ReturnType<Step["field"]>, text: string): Promise<void> {
  await open(field);
  await page.getByRole("option").filter({ hasText: text, visible: true }).first().click();
}

export const walks = [
  walk({
    section: "overview",
    begin: async (scene) => {
      const cases = await withCases(scene);
      await scene.page.goto("/my-account");
      return cases;
    },
    steps: [
      async (step, _, scene) => {
        const { page } = scene;
        await onAPhone(scene, async () => {
          await page.getByRole("banner").getByRole("button").first().click();
          await step.control().click();
        });
        await page.getByRole("heading", { level: 1, name: step.label() }).waitFor();
      },
      async (step, { apples, canceled }, { page }) => {
        const part = step.part("region");
        await part.getByText("Apples are not billed").waitFor();
        expect(await part.getByRole("link", { name: canceled.number }).count()).toBe(0);
        await part.getByRole("link", { name: apples.number }).click();
        await page.waitForURL(`**/cases/${apples.number}`);
        await page.goBack();
      },
      async (step, { canceled }, { page }) => {
        await step.part("region").getByRole("link", { name: canceled.number }).first().click();
        await page.waitForURL(`**/cases/${canceled.number}`);
        await page.goBack();
      },
      async (step, { canceled }, scene) => {
        const { page } = scene;
        const counts = [2, 0, 0, 0, 1];
        const count = (place: number) =>
          step.found(place, page.getByRole("link", { name: new RegExp(`^\\d+ ${step.label(place)}$`, "u") }));
        for (const [index, expected] of counts.entries()) {
          await expect.poll(() => count(index + 1).innerText()).toMatch(new RegExp(`^${expected}\\b`, "u"));
        }
        await count(5).click();
        await rows(scene).getByRole("link", { name: canceled.number }).waitFor();
        await expect.poll(() => rows(scene).count()).toBe(1);
        await page.goBack();
      },
      async (step, { pears }, scene) => {
        await step.field(1).fill("billed twice");
        await step.control(2).click();
        await rows(scene).getByRole("link", { name: pears.number }).waitFor();
        await expect.poll(() => rows(scene).count()).toBe(1);
        await scene.page.goBack();
      },
      async (step, _, scene) => {
        await step.part("region", 1).waitFor();
        await step.control(2).click();
        await expect.poll(() => rows(scene).count()).toBe(3);
        await scene.page.goBack();
      },
      async (step, _, { page }) => {
        await step.control().click();
        await page.waitForURL("**/create");
      },
    ],
  }),
  walk({
    section: "support",
    begin: withCases,
    steps: [
      async (step, _, { page }) => {
        await step.control(1).click();
        const told = page.getByRole("status").filter({ hasText: step.label(2) });
        await step.found(2, told.filter({ hasText: /\b2\b.+\b3\b/u })).waitFor();
      },
      async (step, _, scene) => {
        await step.control().click();
        await expect.poll(() => rows(scene).count()).toBe(3);
      },
      async (step, _, scene) => {
        const sorted = ["Apples are not billed", "Pears are billed twice", "Plums arrive too late"];
        await expect.poll(async () => (await subjects(scene))[0]).toBe("Plums arrive too late");
        await step.control(1).click();
        await expect.poll(() => subjects(scene)).toEqual(sorted);
        await step.control(1).click();
        await expect.poll(() => subjects(scene)).toEqual(sorted.toReversed());
        await onAPhone(scene, async () => {
          await step.field(2).selectOption("OPENED");
          await expect.poll(() => addressed(scene, "sort")).toBe("OPENED");
        });
      },
      async (step, _, { page }) => {
        await step.control().click();
        await page.locator("#filters").getByRole("link").waitFor();
      },
      async (step, { canceled }, scene) => {
        await open(step.field(1));
        for (const place of [2, 3, 4, 5]) await step.control(place, scene.page.getByRole("listbox")).click();
        await step.control(6, scene.page.getByRole("listbox")).waitFor();
        await scene.page.keyboard.press("Escape");
        await rows(scene).getByRole("link", { name: canceled.number }).waitFor();
        await expect.poll(() => rows(scene).count()).toBe(1);
      },
      async (step, { account }, scene) => {
        await pick(scene, step.field(1), account);
        await scene.page.keyboard.press("Escape");
        await expect.poll(() => addressed(scene, "account")).toBeTruthy();
        await expect.poll(() => rows(scene).count()).toBe(1);
        await pick(scene, step.field(2), "Flour mill");
        await scene.page.keyboard.press("Escape");
        await expect.poll(() => addressed(scene, "location")).toBeTruthy();
        await expect.poll(() => rows(scene).count()).toBe(0);
      },
      async (step, _, scene) => {
        await pick(scene, step.field(), "Billing");
        await scene.page.keyboard.press("Escape");
        await expect.poll(() => addressed(scene, "type")).toBe("billing");
      },
      async (step, _, scene) => {
        for (const [index, name] of ["updatedFrom", "updatedTo", "openedFrom", "openedTo"].entries()) {
          await step.field(index + 1).fill("2020-01-01");
          await expect.poll(() => addressed(scene, name)).toBe("2020-01-01");
        }
      },
      async (step, _, scene) => {
        await step.control().click();
        await expect.poll(() => new URL(scene.page.url()).search).toBe("");
        await expect.poll(() => rows(scene).count()).toBe(2);
      },
      async (step, { canceled }, scene) => {
        await step.field().fill(canceled.number);
        await rows(scene).getByRole("link", { name: canceled.number }).waitFor();
      },
      async (step, { canceled }, scene) => {
        await step.part("columnheader").waitFor();
        await rows(scene).getByRole("link", { name: canceled.number }).click();
        await scene.page.waitForURL(`**/cases/${canceled.number}`);
      },
      async (step, _, { page }) => {
        await step.control().click();
        await page.waitForURL("**/create");
      },
    ],
  }),
  walk({
    section: "create",
    begin: async ({ place, visitor }) => {
      const of = await customer(place);
      await anotherAccount(place, of.ana);
      await visitor.signIn(of.ana, "/support");
      return of;
    },
    steps: [
      async (step, _, { page }) => {
        await step.control(1).click();
        await step.part("region", 2).getByRole("link").nth(1).click();
        await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("type");
        await page.keyboard.press("Escape");
      },
      async (step, { account }, { page }) => {
        await step.field(1).fill("12 sample lane");
        await page.getByRole("option", { name: /^Flour mill, 12 Sample Lane/u }).click();
        await expect.poll(() => step.field(1).inputValue()).toContain(account);
        await expect.poll(() => step.field(2).inputValue()).toContain("Flour mill");
      },
      async (step, _, scene) => {
        expect(step.labels).toHaveLength(7);
        for (let place = 2; place <= 7; place += 1) {
          const [, covers = "nothing"] = step.text.split(`**${step.label(place)}**: `);
          await step.field(1).click();
          await step.control(place, scene.page.getByRole("listbox")).click();
          await scene.page
            .getByText(covers.split(" - **")[0] ?? "")
            .first()
            .waitFor();
        }
        await pick(scene, step.field(1), step.label(3));
      },
      async (step, _, scene) => {
        await pick(scene, step.field(), "Networking");
        expect(await step.field().inputValue()).toBe("Networking");
      },
      async (step, _, scene) => {
        const field = step.field(1);
        await step.control(2).check();
        await expect.poll(() => field.isDisabled()).toBe(true);
        await step.control(2).uncheck();
        await pick(scene, field, "Flour mill");
      },
      async (step, _, scene) => {
        const field = step.field(1);
        await step.control(2).check();
        await step.control(2).uncheck();
        await pick(scene, field, "Managed WAN");
        expect(await field.inputValue()).toContain("Managed WAN");
      },
      async (step, { ana, bo }, scene) => {
        expect(await step.field().inputValue()).toBe(ana.name);
        await pick(scene, step.field(), bo.name);
      },
      async (step) => step.field().fill("The mill is offline"),
      async (step) => step.field().fill("Since this morning, nothing comes through."),
      async (step, { ana }, { page }) => {
        for (const who of [ana.name, "miller@mill.example"]) {
          await step.field().fill(who);
          await page.keyboard.press("Enter");
        }
      },
      async (step, _, { page }) => {
        await drop(page, step.field(1).getByRole("button").first(), { name: "dropped.txt", text: "dropped" });
        await paste(page.locator("#description"), { name: "pasted.txt", text: "pasted" });
        await choose(page, step.control(2), { name: "chosen.txt", text: "chosen" });
        for (const name of ["dropped.txt", "pasted.txt", "chosen.txt"]) await page.getByText(name).waitFor();
        await expect.poll(() => page.getByRole("progressbar").count()).toBe(0);
      },
      async (step, { bo }, { page }) => {
        await step.control().click();
        await page.waitForURL(/\/cases\/CS-\d+$/u);
        await page.getByRole("heading", { name: "The mill is offline" }).waitFor();
        await page.getByRole("definition").filter({ hasText: bo.name }).waitFor();
        await page.getByRole("tab", { name: "(2)" }).waitFor();
        await page.getByRole("tab", { name: "(3)" }).waitFor();
      },
    ],
  }),
];
