import { Anchor, Box, Flex, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";

import { NotFound } from "../../app/NotFound";
import { isDesk, useViewer } from "../../app/session";
import { Empty } from "../../parts/Empty";
import { Listing } from "../../parts/Listing";
import { Page } from "../../parts/Page";
import { type Change, useAddress } from "../../parts/address";
import { useNames } from "../../parts/cases/catalogue";
import { CaseCards } from "../support/CaseCards";
import { CaseTable } from "../support/CaseTable";
import { ViewField, Views } from "./Views";
import styles from "./desk.module.css";
import { type Counts, useDesk } from "./useDesk";
import { useWalk } from "./useWalk";
import { type DeskState, columnsOf, fromAddress } from "./views";

/** Where agents find what to do next. */
export function Component() {
    return isDesk(useViewer()) ? <Desk /> : <NotFound />;
}

function Desk() {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const [search, change] = useAddress();
    const state = fromAddress(search);
    const { shown, counts, error, fetching, read } = useDesk(state);
    const list = useRef<HTMLDivElement>(null);
    const roomy = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
    const wide = useMediaQuery("(min-width: 48em)", true, { getInitialValueInEffect: false });
    useWalk(list, shown?.nodes.map(({ number }) => number) ?? []);

    const props = { cases: shown?.nodes ?? [], state, columns: columnsOf(state), change };
    return (
        <Page title={t("desk.title")} aside={<SearchBox key={state.text} text={state.text} change={change} />}>
            <Flex gap="lg" direction={roomy ? "row" : "column"}>
                <Box w={roomy ? 190 : undefined} flex="none">
                    {roomy ? (
                        <Views state={state} counts={counts} />
                    ) : (
                        <ViewField state={state} counts={counts} go={(address) => void navigate(address)} />
                    )}
                </Box>
                <Box flex={1} miw={0}>
                    <Stack gap="sm" ref={list} className={styles["list"]}>
                        <Showing state={state} count={shown?.totalCount} />
                        <Listing
                            of={shown}
                            error={error}
                            fetching={fetching}
                            retry={() => read({ requestPolicy: "network-only" })}
                            change={change}
                            nothing={<Nothing state={state} counts={counts} />}
                        >
                            {wide ? <CaseTable {...props} /> : <CaseCards {...props} />}
                        </Listing>
                    </Stack>
                </Box>
            </Flex>
        </Page>
    );
}

/** Searches all cases, whatever view is open; Escape gives the keys back to the list. */
function SearchBox({ text, change }: { text: string; change: Change }) {
    const { t } = useTranslation();
    const [typed, setTyped] = useState(text);
    const wanted = (useLocation().state as { search?: boolean } | null)?.search === true;
    useEffect(() => {
        if (wanted) document.getElementById("search")?.focus();
    }, [wanted]);
    return (
        <form
            role="search"
            style={{ flex: "1 1 240px", maxWidth: 420 }}
            onSubmit={(event) => {
                event.preventDefault();
                document.getElementById("main")?.focus();
                change({ q: typed.trim(), sort: "", dir: "" });
            }}
        >
            <TextInput
                id="search"
                type="search"
                aria-label={t("desk.search")}
                placeholder={t("desk.searchHint")}
                value={typed}
                maxLength={200}
                leftSection={<IconSearch size={16} aria-hidden />}
                onChange={(event) => setTyped(event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (event.key === "Escape") document.getElementById("main")?.focus();
                }}
            />
        </form>
    );
}

/** Says what the list shows, and in which order when nobody chose one. */
function Showing({ state, count }: { state: DeskState; count: number | undefined }) {
    const { t } = useTranslation();
    const named = useNames();
    if (count === undefined) return <Skeleton height={22} width={220} />;
    const what =
        state.text !== ""
            ? t("desk.showing.search", { count, text: state.text })
            : state.queue !== ""
              ? t("desk.showing.queue", { count, queue: named("queue", state.queue) ?? state.queue })
              : t(`desk.showing.${state.view}`, { count });
    return (
        <Group gap="xs" role="status">
            <Text size="sm">
                {what} {state.sort === "PRIORITY" && !state.ascending && count > 1 ? t("desk.urgentFirst") : ""}
            </Text>
            {state.text === "" ? null : (
                <Anchor component={Link} to="/desk" size="sm">
                    {t("desk.clearSearch")}
                </Anchor>
            )}
        </Group>
    );
}

/** What an empty list means, and where there is something to do. */
function Nothing({ state, counts }: { state: DeskState; counts: Counts }) {
    const { t } = useTranslation();
    if (state.text !== "") {
        return (
            <Empty title={t("support.noneFound")}>
                <Text size="sm">{t("desk.noneFoundText")}</Text>
            </Empty>
        );
    }
    const what = state.queue === "" ? state.view : "queue";
    const unassigned = counts?.views.unassigned ?? 0;
    return (
        <Empty title={t(`desk.none.${what}`)}>
            <Text size="sm">{t(`desk.noneText.${what}`)}</Text>
            {unassigned > 0 && what !== "unassigned" ? (
                <Anchor component={Link} to="/desk?view=unassigned" size="sm">
                    {t("desk.toUnassigned", { count: unassigned })}
                </Anchor>
            ) : null}
        </Empty>
    );
}
