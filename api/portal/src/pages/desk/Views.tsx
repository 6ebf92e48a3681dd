import { Divider, NativeSelect, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { choices, useCatalogue } from "../../parts/cases/catalogue";
import type { Counts } from "./useDesk";
import { type DeskState, VIEWS, type View } from "./views";

/** The views that are offered: whose contact has left is one only where there are such cases. */
function offered(state: DeskState, counts: Counts): readonly View[] {
    return VIEWS.filter(
        (view) => view !== "uncontacted" || state.view === view || (counts?.views.uncontacted ?? 0) > 0,
    );
}

/** The queues that are offered: those of the catalogue, and behind them whatever else has cases that nobody would find there. */
function useQueues(counts: Counts): { key: string; name: string; count: number | undefined }[] {
    const { queues } = useCatalogue();
    const chosen = choices(queues ?? []);
    const countOf = (key: string) => counts?.queues.find((queue) => queue.key === key)?.count ?? 0;
    return [
        ...chosen.map(({ value, label }) => ({ key: value, name: label, count: counts && countOf(value) })),
        ...(counts?.queues ?? []).filter(({ key }) => !chosen.some(({ value }) => value === key)),
    ];
}

/** The views and queues at the side, with how much there is to do in each. */
export function Views({ state, counts }: { state: DeskState; counts: Counts }) {
    const { t } = useTranslation();
    const queues = useQueues(counts);
    const here = state.text === "";
    return (
        <Stack component="nav" gap={2} aria-label={t("desk.views")}>
            {offered(state, counts).map((view) => (
                <Choice
                    key={view}
                    to={view === "mine" ? "/desk" : `/desk?view=${view}`}
                    label={t(`desk.view.${view}`)}
                    count={counts?.views[view]}
                    active={here && state.queue === "" && state.view === view}
                />
            ))}
            <Divider my="xs" />
            <Text size="xs" fw={600} px="sm" component="h2">
                {t("desk.queues")}
            </Text>
            {queues.map(({ key, name, count }) => (
                <Choice
                    key={key}
                    to={`/desk?queue=${encodeURIComponent(key)}`}
                    label={name}
                    count={count}
                    active={here && state.queue === key}
                />
            ))}
        </Stack>
    );
}

function Choice(props: { to: string; label: string; count: number | undefined; active: boolean }) {
    const { to, label, count, active } = props;
    return (
        <NavLink
            component={Link}
            to={to}
            label={label}
            py={6}
            active={active}
            variant="light"
            color="gray"
            aria-current={active ? "page" : undefined}
            styles={{ label: { fontWeight: active ? 600 : 400, color: "var(--mantine-color-text)" } }}
            rightSection={
                count === undefined ? (
                    <Skeleton height={14} width={18} />
                ) : (
                    <Text size="sm" c="var(--mantine-color-text)" fw={active ? 600 : 400}>
                        {count}
                    </Text>
                )
            }
        />
    );
}

/** The same as one field, where there is no room at the side. */
export function ViewField(props: { state: DeskState; counts: Counts; go: (address: string) => void }) {
    const { state, counts, go } = props;
    const { t } = useTranslation();
    const queues = useQueues(counts);
    const labeled = (label: string, count: number | undefined) =>
        count === undefined ? label : t("desk.counted", { label, count });
    return (
        <NativeSelect
            label={t("desk.views")}
            value={state.queue === "" ? `view=${state.view}` : `queue=${encodeURIComponent(state.queue)}`}
            onChange={(event) => go(`/desk?${event.currentTarget.value}`)}
            data={[
                {
                    group: t("desk.views"),
                    items: offered(state, counts).map((view) => ({
                        value: `view=${view}`,
                        label: labeled(t(`desk.view.${view}`), counts?.views[view]),
                    })),
                },
                {
                    group: t("desk.queues"),
                    items: queues.map(({ key, name, count }) => ({
                        value: `queue=${encodeURIComponent(key)}`,
                        label: labeled(name, count),
                    })),
                },
            ]}
        />
    );
}
