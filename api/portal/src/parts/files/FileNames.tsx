import { Fragment } from "react";

/** Marks that turn the writing around them, by which a name can look like another one. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/gu;

/** The name of a file, read in its own direction; marks in it that would turn it are named instead. */
export function FileName({ name }: { name: string | null | undefined }) {
    return (
        <bdi>{name?.replace(TURNING, (mark) => `[U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase()}]`)}</bdi>
    );
}

/** Names of files in one line. */
export function FileNames({ names }: { names: readonly string[] }) {
    return names.map((name, index) => (
        <Fragment key={index}>
            {index > 0 ? ", " : ""}
            <FileName name={name} />
        </Fragment>
    ));
}
