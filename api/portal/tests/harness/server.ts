/** A real service for the tests: the built program, with a PostgreSQL and a folder of its own, on free ports. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { until } from "./until";

const root = resolve(import.meta.dirname, "../../../..");
const program = process.env["CASESTREAM_PROGRAM"] ?? join(root, "target/debug/casestream");

/** Where a service is, as far as tests have to know; plain data, so that it can be handed from process to process. */
export interface Place {
  url: string;
  operationsUrl: string;
  dataFolder: string;
  logFile: string;
}

export interface RunningServer {
  place: Place;
  /** Ends it, as an operator would, and waits for that. */
  stop: () => Promise<void>;
  /** Ends it and starts it again in the same place. */
  restart: () => Promise<void>;
  /** Removes its folder, once it is stopped. */
  remove: () => void;
}

/** The environment of the service and of its commands. Shares of requests are wide, since all tests come from one address; a lock comes early, before attempts have to wait. */
function environment(place: Place, settings: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("CASESTREAM_") && name !== "DATABASE_URL",
  );
  return {
    ...Object.fromEntries(inherited),
    CASESTREAM_MODE: "development",
    CASESTREAM_DATA_DIR: place.dataFolder,
    CASESTREAM_LISTEN: new URL(place.url).host,
    CASESTREAM_OPERATIONS_LISTEN: new URL(place.operationsUrl).host,
    CASESTREAM_LOCK_AFTER: "3",
    CASESTREAM_REQUESTS_PER_NETWORK: "100000",
    CASESTREAM_REQUESTS_PER_PERSON: "100000",
    CASESTREAM_REQUESTS_PER_ACCOUNT: "100000",
    ...settings,
  };
}

/** Two different ports that nobody listens on: both are taken before either is given back. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = servers.map(async (server) => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  });
  const [port, another] = await Promise.all(ports);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  if (port === undefined || another === undefined) throw new Error("no port");
  return [port, another];
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Starts a service, with settings of its own beside those that all tests need. */
export async function startServer(settings: Record<string, string> = {}): Promise<RunningServer> {
  if (!existsSync(program)) throw new Error(`${program} is not there: cargo build --package casestream`);
  const dataFolder = mkdtempSync(join(tmpdir(), "casestream-portal-"));
  // Root may not run PostgreSQL; whoever does for root has to get in.
  chmodSync(dataFolder, 0o755);
  const [port, operationsPort] = await freePorts();
  mkdirSync(artifacts, { recursive: true });
  const place: Place = {
    url: `http://127.0.0.1:${port}`,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    dataFolder,
    logFile: join(artifacts, `server-${port}.log`),
  };
  let child: ChildProcess;
  const start = async () => {
    child = spawn(program, ["serve"], {
      cwd: dataFolder,
      env: environment(place, settings),
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr?.on("data", (text: Buffer) => {
      appendFileSync(place.logFile, text);
    });
    await until(`${place.operationsUrl}/readyz answers`, 180_000, async () => {
      if (child.exitCode !== null) throw new Error(`the service ended: see ${place.logFile}`);
      return answers(`${place.operationsUrl}/readyz`);
    });
  };
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  };
  await start();
  return {
    place,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    remove: () => {
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** What is kept of tests that failed, in a folder for each, and the logs of the services. */
export const artifacts = resolve(import.meta.dirname, "../../artifacts");

/** Takes away what an earlier run left; pictures of pages stay. */
export function clearArtifacts(): void {
  if (!existsSync(artifacts)) return;
  for (const name of readdirSync(artifacts)) {
    if (name !== "looks") rmSync(join(artifacts, name), { recursive: true, force: true });
  }
}

/** Runs a command of the program beside the service; answers what it printed. */
export async function command(place: Place, ...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { cwd: place.dataFolder, env: environment(place) });
  return stdout.trim();
}

/** A file of the repository, by its path in it. */
export function inRepository(path: string): string {
  return join(root, path);
}
