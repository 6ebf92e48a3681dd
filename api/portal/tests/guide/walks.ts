/** All walks of the guide, whichever file they are in. */
import type { Walk } from "../harness/guide";

const modules = import.meta.glob<{ walks: Walk[] }>("./*.guide.ts", { eager: true });

export const walks = Object.values(modules).flatMap((module) => module.walks);
