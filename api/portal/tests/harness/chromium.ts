/** Where Chromium is: the places in which `scripts/bootstrap` looks. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const others = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

function runs(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function chromiumPath(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const searched = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [process.env["CHROMIUM"] ?? "", ...searched, ...others].find(
    (program) => program !== "" && runs(program),
  );
  if (found === undefined) throw new Error("no Chromium: run `make bootstrap`, or set CHROMIUM to the program's path");
  return found;
}

/** It asks nobody for anything, and needs no sandbox: it opens our own pages alone. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
