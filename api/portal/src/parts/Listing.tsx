import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { CombinedError } from "urql";

import { says } from "../app/client";
import { Failure } from "./Failure";
import type { Change } from "./address";

/** A page of a list, as far as this has to know it. */
interface Listed {
    nodes: readonly unknown[];
    pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor?: string | null | undefined;
        endCursor?: string | null | undefined;
    };
}

/** A list that comes in pages: its lines, or why there are none, or none yet, and the ways to the pages before and after. */
export function Listing(props: {
    of: Listed | undefined;
    error: CombinedError | undefined;
    fetching: boolean;
    retry: () => void;
    change: Change;
    /** What stands in the place of an empty list. */
    nothing: ReactNode;
    /** How high a line will be. */
    height?: number;
    children: ReactNode;
}) {
    const { of, error, fetching, retry, change, nothing, height = 36, children } = props;
    const { t } = useTranslation();
    const { pathname } = useLocation();
    return (
        <>
            {error ? (
                says(error, "BAD_CURSOR") ? (
                    <Alert color="yellow" variant="outline">
                        <Text size="sm">{t("support.pageGone")}</Text>
                        <Anchor component="button" type="button" onClick={() => change({})}>
                            {t("support.firstPage")}
                        </Anchor>
                    </Alert>
                ) : says(error, "BAD_USER_INPUT") ? (
                    <Alert color="yellow" variant="outline">
                        <Text size="sm">{t("support.addressWrong")}</Text>
                        <Anchor component={Link} to={pathname}>
                            {t("support.addressAnew")}
                        </Anchor>
                    </Alert>
                ) : (
                    <Failure error={error} retry={retry} />
                )
            ) : null}
            {of === undefined && fetching ? (
                <Stack gap="xs" aria-label={t("loading")} role="status">
                    {Array.from({ length: 8 }, (_, line) => (
                        <Skeleton key={line} height={height} />
                    ))}
                </Stack>
            ) : null}
            {of ? (of.nodes.length === 0 ? nothing : children) : null}
            {of && (of.pageInfo.hasNextPage || of.pageInfo.hasPreviousPage) ? (
                <Group component="nav" aria-label={t("support.pages")}>
                    <Button
                        variant="default"
                        disabled={!of.pageInfo.hasPreviousPage}
                        onClick={() => change({ before: of.pageInfo.startCursor ?? "" })}
                    >
                        {t("support.previous")}
                    </Button>
                    <Button
                        variant="default"
                        disabled={!of.pageInfo.hasNextPage}
                        onClick={() => change({ after: of.pageInfo.endCursor ?? "" })}
                    >
                        {t("support.next")}
                    </Button>
                </Group>
            ) : null}
        </>
    );
}
