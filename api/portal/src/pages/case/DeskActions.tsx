import { Button, Group, Menu, NativeSelect, Stack, Textarea } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../parts/Dialog";
import { useViewer } from "../../app/session";
import type { CaseAction, WaitReason } from "../../gql/graphql";
import { choices, useCatalogue } from "../../parts/cases/catalogue";
import { PRIORITIES } from "../support/listState";
import { Problem } from "./Problem";
import {
    ASSIGN,
    CLEAR_TRIAGE,
    END_WAIT,
    MOVE_TO_QUEUE,
    RECLASSIFY,
    RELEASE,
    RESOLVE,
    SET_PRIORITY,
    START_WAIT,
    TAKE_UP,
} from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

const WAITS: readonly WaitReason[] = ["CUSTOMER", "VENDOR", "PROBLEM", "EVIDENCE"];
type Asked = "resolve" | "reclassify" | "queue" | "priority" | "wait";

/** What the desk does with a case, as far as its state takes it. */
export function DeskActions({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const me = useViewer().person.id;
    const command = useCommand(of);
    const [asked, setAsked] = useState<Asked>();
    const may = (action: CaseAction) => of.allowedActions?.includes(action) ?? false;
    const ask = (what: Asked) => () => {
        command.forget();
        setAsked(what);
    };
    const triage = of.locationNotListed || of.productNotListed;
    const moreOften = [
        may("ASSIGN") && of.owner?.id !== me
            ? { label: t("desk.assignMe"), go: () => void command.run(ASSIGN, { ownerId: me }) }
            : undefined,
        may("RELEASE") && of.owner ? { label: t("desk.release"), go: () => void command.run(RELEASE, {}) } : undefined,
        may("MOVE_TO_QUEUE") ? { label: t("desk.queue"), go: ask("queue") } : undefined,
        may("SET_PRIORITY") ? { label: t("desk.priority"), go: ask("priority") } : undefined,
        may("RECLASSIFY") ? { label: t("desk.reclassify"), go: ask("reclassify") } : undefined,
        may("CLEAR_TRIAGE") && triage
            ? { label: t("desk.clearTriage"), go: () => void command.run(CLEAR_TRIAGE, {}) }
            : undefined,
    ].filter((each) => each !== undefined);
    return (
        <Stack gap="sm">
            {asked === undefined ? <Problem command={command} /> : null}
            <Group gap="xs" role="group" aria-label={t("desk.actions")}>
                {may("TAKE_UP") && of.status === "NEW" ? (
                    <Button loading={command.busy} onClick={() => void command.run(TAKE_UP, {})}>
                        {t("desk.takeUp")}
                    </Button>
                ) : null}
                {may("RESOLVE") ? (
                    <Button variant="default" onClick={ask("resolve")}>
                        {t("desk.resolve")}
                    </Button>
                ) : null}
                {may("START_WAIT") && !of.wait ? (
                    <Button variant="default" onClick={ask("wait")}>
                        {t("desk.wait")}
                    </Button>
                ) : null}
                {may("END_WAIT") && of.wait ? (
                    <Button variant="default" onClick={() => void command.run(END_WAIT, {})}>
                        {t("desk.endWait")}
                    </Button>
                ) : null}
                {moreOften.length > 0 ? (
                    <Menu>
                        <Menu.Target>
                            <Button variant="default">{t("desk.more")}</Button>
                        </Menu.Target>
                        <Menu.Dropdown>
                            {moreOften.map(({ label, go }) => (
                                <Menu.Item key={label} onClick={go}>
                                    {label}
                                </Menu.Item>
                            ))}
                        </Menu.Dropdown>
                    </Menu>
                ) : null}
            </Group>
            <Dialog
                opened={asked !== undefined}
                onClose={() => setAsked(undefined)}
                title={asked === undefined ? "" : t(`desk.${asked}`)}
            >
                {asked === undefined ? null : (
                    <Question key={asked} asked={asked} of={of} done={() => setAsked(undefined)} />
                )}
            </Dialog>
        </Stack>
    );
}

function Question({ asked, of, done }: { asked: Asked; of: Shown; done: () => void }) {
    const { t } = useTranslation();
    const command = useCommand(of);
    const catalogue = useCatalogue();
    const codes = choices(catalogue.resolutionCodes);
    const queues = choices(catalogue.queues ?? []);
    const [values, setValues] = useState({
        code: "",
        resolution: "",
        type: of.type,
        category: of.category,
        queue: of.queue ?? "",
        priority: of.priority ?? "NORMAL",
        wait: "CUSTOMER" as WaitReason,
    });
    const [lacking, setLacking] = useState(false);
    const set = (changed: Partial<typeof values>) => setValues((before) => ({ ...before, ...changed }));
    const categories = choices(catalogue.types.find(({ key }) => key === values.type)?.categories ?? []);

    const give = (): Promise<boolean> => {
        switch (asked) {
            case "resolve":
                return command.run(RESOLVE, {
                    code: values.code || (codes[0]?.value ?? ""),
                    resolution: values.resolution.trim(),
                });
            case "reclassify":
                return command.run(RECLASSIFY, { type: values.type, category: values.category });
            case "queue":
                return command.run(MOVE_TO_QUEUE, { queue: values.queue || (queues[0]?.value ?? "") });
            case "priority":
                return command.run(SET_PRIORITY, { priority: values.priority });
            case "wait":
                return command.run(START_WAIT, { reason: values.wait, until: null });
        }
    };
    const send = async (event: SyntheticEvent) => {
        event.preventDefault();
        if (asked === "resolve" && values.resolution.trim() === "") {
            setLacking(true);
            document.getElementById("resolution")?.focus();
            return;
        }
        if (await give()) done();
    };
    return (
        <form onSubmit={(event) => void send(event)} noValidate>
            <Stack>
                <Problem command={command} />
                {asked === "resolve" ? (
                    <>
                        <NativeSelect
                            label={t("desk.code")}
                            data={codes}
                            value={values.code || (codes[0]?.value ?? "")}
                            onChange={(event) => set({ code: event.currentTarget.value })}
                        />
                        <Textarea
                            id="resolution"
                            label={t("desk.resolution")}
                            withAsterisk
                            required
                            autosize
                            minRows={3}
                            maxLength={4000}
                            error={lacking && values.resolution.trim() === "" ? t("create.fill") : undefined}
                            value={values.resolution}
                            onChange={(event) => set({ resolution: event.currentTarget.value })}
                        />
                    </>
                ) : null}
                {asked === "reclassify" ? (
                    <>
                        <NativeSelect
                            label={t("create.type")}
                            data={choices(catalogue.types)}
                            value={values.type}
                            onChange={(event) => {
                                const type = event.currentTarget.value;
                                const first = choices(
                                    catalogue.types.find(({ key }) => key === type)?.categories ?? [],
                                )[0];
                                set({ type, category: first?.value ?? "" });
                            }}
                        />
                        <NativeSelect
                            label={t("create.category")}
                            data={categories}
                            value={values.category}
                            onChange={(event) => set({ category: event.currentTarget.value })}
                        />
                    </>
                ) : null}
                {asked === "queue" ? (
                    <NativeSelect
                        label={t("columns.QUEUE")}
                        data={queues}
                        value={values.queue}
                        onChange={(event) => set({ queue: event.currentTarget.value })}
                    />
                ) : null}
                {asked === "priority" ? (
                    <NativeSelect
                        label={t("columns.PRIORITY")}
                        data={PRIORITIES.map((each) => ({ value: each, label: t(`priority.${each}`) }))}
                        value={values.priority}
                        onChange={(event) =>
                            set({ priority: PRIORITIES.find((each) => each === event.currentTarget.value) ?? "NORMAL" })
                        }
                    />
                ) : null}
                {asked === "wait" ? (
                    <NativeSelect
                        label={t("desk.waitFor")}
                        data={WAITS.map((each) => ({ value: each, label: t(`wait.${each}`) }))}
                        value={values.wait}
                        onChange={(event) =>
                            set({ wait: WAITS.find((each) => each === event.currentTarget.value) ?? "CUSTOMER" })
                        }
                    />
                ) : null}
                <Group justify="flex-end">
                    <Button variant="default" onClick={done}>
                        {t("case.back")}
                    </Button>
                    <Button type="submit" loading={command.busy}>
                        {t(`desk.${asked}`)}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}
