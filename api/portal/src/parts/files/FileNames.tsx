import { Fragment } from "react";

/** Names of files, each read in its own direction. */
export function FileNames({ names }: { names: readonly string[] }) {
    return names.map((name, index) => (
        <Fragment key={index}>
            {index > 0 ? ", " : ""}
            <bdi>{name}</bdi>
        </Fragment>
    ));
}
