import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";

import { language } from "../app/languages";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_557_600],
    ["month", 2_629_800],
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
];

// Making one takes longer than using it, and pages have dozens of times.
const made = new Map<string, Intl.RelativeTimeFormat>();

function wordsFor(wanted: string): Intl.RelativeTimeFormat {
    const words = made.get(wanted) ?? new Intl.RelativeTimeFormat(wanted, { numeric: "auto" });
    made.set(wanted, words);
    return words;
}

/** How long ago or ahead a time is, in words of the language in use. */
export function relative(at: Date, now: Date): string {
    const seconds = (at.getTime() - now.getTime()) / 1000;
    const words = wordsFor(language());
    for (const [unit, size] of STEPS) {
        if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
    }
    return words.format(0, "second");
}

/** A time in full, in the reader's time zone. */
export function absolute(at: Date): string {
    return new Intl.DateTimeFormat(language(), { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** A time as people say it; in full while the pointer is on it. Pages have dozens, so that what shows it is made when it is wanted. */
export function Time({ at }: { at: string }) {
    const [now, setNow] = useState(() => new Date());
    const [pointed, setPointed] = useState(false);
    useEffect(() => {
        const timer = setInterval(() => setNow(new Date()), 30_000);
        return () => clearInterval(timer);
    }, []);
    const date = new Date(at);
    const shown = (
        <time dateTime={at} title="">
            {relative(date, now)}
        </time>
    );
    return (
        <span onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
            {pointed ? (
                <Tooltip opened label={absolute(date)}>
                    {shown}
                </Tooltip>
            ) : (
                shown
            )}
        </span>
    );
}
