import { Textarea, type TextareaProps } from "@mantine/core";
import i18next from "i18next";

import { language } from "../app/languages";

/** Why a text is not taken that has more characters than it may; nothing while it has not. Counted as the API does. */
export function tooLong(text: string, most: number): string | undefined {
    // Every character is one or two of what JavaScript counts.
    const count = text.length > most ? Array.from(text).length : 0;
    if (count <= most) return undefined;
    const number = new Intl.NumberFormat(language());
    return i18next.t("errors.tooLong", { most: number.format(most), count, has: number.format(count) });
}

/**
 * A field for a text of at most so many characters. A longer one is said to be too long, where a browser's own limit would cut it without a word. It
 * grows with its text, up to `maxRows`, by CSS: where a browser does not know how (`field-sizing`), it is scrolled, or made larger by hand.
 */
export function LongText({
    most,
    minRows = 2,
    maxRows = 12,
    error,
    ...props
}: TextareaProps & { most: number; value: string; minRows?: number; maxRows?: number }) {
    return (
        <Textarea
            autosize
            minRows={minRows}
            maxRows={maxRows}
            {...props}
            error={tooLong(props.value.trim(), most) ?? error}
        />
    );
}
