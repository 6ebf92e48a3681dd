/** How the guide's sections about access and passwords are walked. */
import { expect } from "vitest";

import type { Scene } from "../harness/browser";
import { walk, type Step } from "../harness/guide";
import { mailedLink, mailSaying } from "../harness/mailbox";
import { ask, inviteByMail, member, password, somebody, type Person } from "../harness/people";

const another = "copper kettle beside nine rivers";

async function signedIn(scene: Scene): Promise<Person> {
  const person = await member(scene.place, "contact");
  await scene.visitor.signIn(person);
  return person;
}

/** A step that clicks what it names. */
const click = async (step: Step) => step.control().click();

async function openHelp({ place, page }: Scene): Promise<Person> {
  const person = await member(place, "contact");
  await page.goto("/sign-in");
  return person;
}

export const walks = [
  walk({
    section: "request-access",
    begin: async ({ page }) => {
      await page.goto("/sign-in");
      return somebody("Ida Sample");
    },
    steps: [
      click,
      async (step, person) => {
        await step.field(1).fill(person.name);
        await step.field(2).fill("+1 555 0100");
        await step.field(3).fill(person.email);
        await step.field(4).fill("Sample Bakery");
        await step.field(5).fill("12 Sample Lane");
      },
      async (step) => {
        await step.field(1).click();
        await step.control(2).click();
      },
      async (step) => step.field().fill("For me and for Bo Lind (bo.lind@library.example), please."),
      async (step, _, { page }) => {
        await step.control().click();
        await page.getByRole("status").waitFor();
      },
    ],
  }),
  walk({
    section: "activate",
    begin: async ({ place }) => {
      const person = somebody("Ida Sample");
      await inviteByMail(place, person);
      return person;
    },
    steps: [
      async (_, person, { place, page }) => {
        await page.goto(await mailedLink(place, person.email, "/activate"));
      },
      async (step) => {
        await step.field(1).fill(password);
        await step.field(2).fill(password);
      },
      click,
      async (step, person, { page }) => {
        await step.control().click();
        await page.waitForURL("**/sign-in");
        await page.locator("input[autocomplete=username]").fill(person.email);
        await page.locator("input[autocomplete=current-password]").fill(password);
        await page.keyboard.press("Enter");
        await page.waitForURL((url) => url.pathname === "/");
      },
    ],
  }),
  walk({
    section: "change-password",
    begin: signedIn,
    steps: [
      async (step, _, { page }) => {
        await page.getByRole("banner").getByRole("button").last().click();
        await step.control().click();
      },
      click,
      async (step) => {
        await step.field(1).fill(password);
        await step.field(2).fill(another);
        await step.field(3).fill(another);
      },
      async (step) => {
        await step.control(1).click();
        await step.sees(2);
      },
      async (_, person, { place }) => {
        expect((await mailSaying(place, person.email, "")).from?.address).toMatch(/^admin@/);
      },
    ],
  }),
  walk({
    section: "challenge-question",
    begin: async (scene) => {
      const person = await signedIn(scene);
      await scene.page.goto("/my-account");
      return person;
    },
    steps: [
      async (step, _, { page }) => {
        await step.found(1, page.getByRole("heading", { name: step.label(1) })).waitFor();
        await step.control(2).click();
      },
      async (step, _, { page }) => {
        await step.field().click();
        await page.getByRole("option").first().click();
      },
      async (step, _, { page }) => {
        await step.field(1).fill("Quietwater");
        await page.locator("#challenge-currentPassword").fill(password);
        await step.control(2).click();
        await page.getByRole("status").waitFor();
      },
    ],
  }),
  walk({
    section: "forgotten-password",
    begin: openHelp,
    steps: [
      click,
      click,
      async (step, person, { page }) => {
        await step.field(1).fill(person.email);
        await step.control(2).click();
        await page.getByRole("status").waitFor();
      },
      async (step, person, { place, page }) => {
        await page.goto(await mailedLink(place, person.email, "/reset-password"));
        await step.found(1, page.getByRole("heading", { name: step.label() })).waitFor();
      },
      async (step) => {
        await step.field(1).fill(another);
        await step.field(2).fill(another);
        await step.control(3).click();
        await step.sees(4);
      },
    ],
  }),
  walk({
    section: "unlock",
    begin: async (scene) => {
      const person = await openHelp(scene);
      const document = "mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
      // As many as lock; the tests' service counts as a real one does.
      for (let tries = 0, locked = false; !locked; tries += 1) {
        expect(tries).toBeLessThan(12);
        const input = { name: person.email, password: "not the right one at all", transport: "TOKEN" };
        const answer = await ask<{ signIn: { userErrors: { code: string }[] } }>(scene.place, document, { input });
        locked = answer.signIn.userErrors.some((error) => error.code === "LOCKED");
      }
      return person;
    },
    steps: [
      click,
      click,
      async (step, person, { page }) => {
        await step.field(1).fill(person.email);
        await step.control(2).click();
        await page.getByRole("status").waitFor();
      },
      async (step, person, { place, page }) => {
        await page.goto(await mailedLink(place, person.email, "/unlock"));
        await step.control().click();
        await page.getByRole("status").waitFor();
      },
    ],
  }),
];
