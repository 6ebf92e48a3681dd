/**
 * What a browser should know of before the portal's scripts have run: the script that asks the first questions, and for each path
 * the files of its page. The server puts these into the answer for that path (`.pages.json`).
 */
import { readFileSync } from "node:fs";

import type { Plugin, Rolldown } from "vite";

const router = new URL("../src/app/router.tsx", import.meta.url);

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string> } };

const chunksOf = (bundle: Bundle) => Object.values(bundle).filter((each): each is Chunk => each.type === "chunk");

/** The paths of the router, each with the module that it loads. */
export function routes(source: string): [string, string][] {
  const found = source.matchAll(/(?:path: "([^"*]+)"|(index): true), lazy: \(\) => import\("\.\.\/([^"]+)"\)/gu);
  return [...found].map(([, path, , module]) => [`/${path ?? ""}`, `src/${module ?? ""}`]);
}

/** A chunk with all that it imports at once. */
function withImports(chunk: Chunk, bundle: Bundle, found = new Set<Chunk>()): Set<Chunk> {
  if (found.has(chunk)) return found;
  found.add(chunk);
  for (const name of chunk.imports) {
    const next = bundle[name];
    if (next?.type === "chunk") withImports(next, bundle, found);
  }
  return found;
}

function filesOf(chunks: Iterable<Chunk>): string[] {
  return [...chunks].flatMap((chunk) => [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]);
}

/** What the page is made of comes after what is seen at once: the styles, and the icon that they put in the middle. */
function afterStyles(html: string): string {
  return html.replaceAll(
    /<(script type="module"|link rel="modulepreload")(?= crossorigin)/gu,
    '<$1 fetchpriority="low"',
  );
}

export function firstThings(): Plugin {
  return {
    name: "first-things",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "chunk", id: "src/start.ts", name: "start" });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle, path }) {
        const start = chunksOf(bundle ?? {}).find(({ name }) => name === "start");
        if (path !== "/index.html" || start === undefined) return [];
        const asks = { type: "module", async: true, src: `/${start.fileName}` };
        return {
          html: afterStyles(html),
          tags: [{ tag: "script", attrs: asks, injectTo: "head-prepend" }],
        };
      },
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const chunks = chunksOf(bundle);
        const main = chunks.find(({ isEntry, name }) => isEntry && name === "index");
        if (main === undefined) throw new Error("the portal's own script is not there");
        const known = new Set(filesOf(withImports(main, bundle)));
        const pages = routes(readFileSync(router, "utf8")).map(([path, module]) => {
          const page = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${module}.tsx`));
          if (page === undefined) throw new Error(`${module} is not a file of its own`);
          return [path, filesOf(withImports(page, bundle)).filter((file) => !known.has(file))];
        });
        this.emitFile({ type: "asset", fileName: ".pages.json", source: JSON.stringify(Object.fromEntries(pages)) });
      },
    },
  };
}
