import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Choice } from "../../../parts/Choice";
import { choices, useCatalogue } from "../../../parts/cases/catalogue";
import { useAccount } from "../../create/useAccount";
import { PRIORITIES } from "../../support/listState";
import { MOVE_TO_QUEUE, RECLASSIFY, SET_CONTACT, SET_PRIORITY, SET_SUBJECT } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown } from "../useStream";
import { Ask, type Asking } from "./Ask";

/** Says how urgent a case is. */
export function SetPriority({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const [priority, setPriority] = useState(of.priority ?? "NORMAL");
    return (
        <Ask
            command={command}
            submit={t("desk.setPriority")}
            give={() => command.run(SET_PRIORITY, { priority })}
            done={done}
        >
            <NativeSelect
                label={t("columns.PRIORITY")}
                data={PRIORITIES.map((each) => ({ value: each, label: t(`priority.${each}`) }))}
                value={priority}
                onChange={(event) =>
                    setPriority(PRIORITIES.find((each) => each === event.currentTarget.value) ?? "NORMAL")
                }
            />
        </Ask>
    );
}

/** Lets a case wait in another queue, without an owner. */
export function MoveToQueue({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const queues = choices(useCatalogue().queues ?? []);
    const [chosen, setChosen] = useState(of.queue ?? "");
    const queue = queues.some(({ value }) => value === chosen) ? chosen : (queues[0]?.value ?? "");
    return (
        <Ask command={command} submit={t("desk.move")} give={() => command.run(MOVE_TO_QUEUE, { queue })} done={done}>
            <NativeSelect
                label={t("columns.QUEUE")}
                description={of.owner ? t("desk.queueText", { name: of.owner.name ?? "" }) : undefined}
                data={queues}
                value={queue}
                onChange={(event) => setChosen(event.currentTarget.value)}
            />
        </Ask>
    );
}

/** Makes it a case of another kind. */
export function Reclassify({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const { types } = useCatalogue();
    const [type, setType] = useState(of.type);
    const [category, setCategory] = useState(of.category);
    const categoriesOf = (key: string) => choices(types.find((each) => each.key === key)?.categories ?? []);
    return (
        <Ask
            command={command}
            submit={t("desk.reclassify")}
            give={() => command.run(RECLASSIFY, { type, category })}
            done={done}
        >
            <NativeSelect
                label={t("create.type")}
                data={choices(types)}
                value={type}
                onChange={(event) => {
                    const key = event.currentTarget.value;
                    setType(key);
                    setCategory(categoriesOf(key)[0]?.value ?? "");
                }}
            />
            <NativeSelect
                label={t("create.category")}
                data={categoriesOf(type)}
                value={category}
                onChange={(event) => setCategory(event.currentTarget.value)}
            />
        </Ask>
    );
}

/** Says in other words what a case is about. */
export function SetSubject({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const [subject, setSubject] = useState(of.subject ?? "");
    const [lacking, setLacking] = useState(false);
    const isEmpty = subject.trim() === "";
    return (
        <Ask
            command={command}
            submit={t("save")}
            missing={() => {
                setLacking(isEmpty);
                return isEmpty ? "subject" : undefined;
            }}
            give={() => command.run(SET_SUBJECT, { subject: subject.trim() })}
            done={done}
        >
            <TextInput
                id="subject"
                label={t("columns.SUBJECT")}
                withAsterisk
                required
                maxLength={255}
                error={lacking && isEmpty ? t("create.fill") : undefined}
                value={subject}
                onChange={(event) => setSubject(event.currentTarget.value)}
            />
        </Ask>
    );
}

/** Says with whom the desk talks. */
export function SetContact({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const { people } = useAccount(of.account.id, "");
    const [chosen, setChosen] = useState(of.contact.id);
    const [lacking, setLacking] = useState(false);
    const [isNone, setNone] = useState(false);
    const isKnown = people.some(({ value }) => value === chosen);
    return (
        <Ask
            command={command}
            submit={t("save")}
            missing={() => {
                setLacking(!isKnown);
                return isKnown && !isNone ? undefined : "contact";
            }}
            give={() => command.run(SET_CONTACT, { contactId: chosen })}
            done={done}
        >
            <Choice
                id="contact"
                label={t("columns.CONTACT")}
                placeholder={t("create.choose")}
                withAsterisk
                required
                onNone={setNone}
                nothingFound={t("desk.nobodyFound")}
                error={lacking && !isKnown ? t("create.fill") : undefined}
                data={people}
                value={isKnown ? chosen : null}
                onChange={(value) => setChosen(value ?? "")}
            />
        </Ask>
    );
}
