import { NativeSelect, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { WaitReason } from "../../../gql/graphql";
import { LongText } from "../../../parts/LongText";
import { choices, useCatalogue } from "../../../parts/cases/catalogue";
import { useDraft } from "../../../parts/drafts";
import { CLOSE, REOPEN, RESOLVE, START_WAIT } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown } from "../useStream";
import { Ask, type Asking } from "./Ask";

const WAITS: readonly WaitReason[] = ["CUSTOMER", "VENDOR", "PROBLEM", "EVIDENCE"];

/** Lets an open case wait, until something happens or a time comes. */
export function Wait({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const [reason, setReason] = useState<WaitReason>("CUSTOMER");
    const [until, setUntil] = useState("");
    const [wrong, setWrong] = useState<string>();
    const field = useRef<HTMLInputElement>(null);
    const at = until === "" ? null : new Date(until);
    /** Half a date is none to the browser, and would be a wait without end. */
    const problem = () => {
        if (field.current?.validity.badInput) return t("desk.untilIncomplete");
        return at && at.getTime() <= Date.now() ? t("desk.untilOver") : undefined;
    };
    return (
        <Ask
            command={command}
            submit={t("desk.wait")}
            missing={() => {
                const found = problem();
                setWrong(found);
                return found === undefined ? undefined : "until";
            }}
            give={() => command.run(START_WAIT, { reason, until: at?.toISOString() ?? null })}
            done={done}
        >
            <NativeSelect
                label={t("desk.waitFor")}
                description={reason === "CUSTOMER" ? t("desk.waitCustomer") : t("desk.waitOther")}
                inputWrapperOrder={["label", "input", "description", "error"]}
                data={WAITS.map((each) => ({ value: each, label: t(`values.reason.${each.toLowerCase()}`) }))}
                value={reason}
                onChange={(event) => setReason(WAITS.find((each) => each === event.currentTarget.value) ?? "CUSTOMER")}
            />
            <TextInput
                ref={field}
                id="until"
                type="datetime-local"
                error={wrong ?? command.at("until")}
                label={t("desk.waitUntil")}
                description={t("desk.waitUntilText")}
                value={until}
                onChange={(event) => setUntil(event.currentTarget.value)}
            />
        </Ask>
    );
}

/** The resolution code that is meant most often, where the catalogue has it. */
const USUAL = "fixed";

/** Resolves a case with an answer, which is kept while it is written. */
export function Resolve({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening", "with words");
    const codes = choices(useCatalogue().resolutionCodes);
    const [chosen, setChosen] = useState("");
    const code = chosen || (codes.find(({ value }) => value === USUAL) ?? codes[0])?.value || "";
    const answer = useText(`resolution.${of.id}`, "resolution");
    return (
        <Ask
            command={command}
            submit={t("desk.resolve")}
            missing={answer.missing}
            give={async () => {
                const outcome = await command.run(RESOLVE, { code, resolution: answer.text });
                if (outcome) answer.clear();
                return outcome;
            }}
            done={done}
        >
            <NativeSelect
                label={t("desk.code")}
                data={codes}
                value={code}
                onChange={(event) => setChosen(event.currentTarget.value)}
            />
            <LongText
                {...answer.input}
                label={t("desk.resolution")}
                description={t("desk.resolutionText")}
                minRows={4}
            />
        </Ask>
    );
}

/** Reopens a case whose answer did not hold. */
export function Reopen({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening", "with words");
    const reason = useText(`reopening.${of.id}`, "reopening");
    return (
        <Ask
            command={command}
            submit={t("desk.reopen")}
            missing={reason.missing}
            give={async () => {
                const outcome = await command.run(REOPEN, { reason: reason.text });
                if (outcome) reason.clear();
                return outcome;
            }}
            done={done}
        >
            <LongText {...reason.input} label={t("case.cancelReason")} minRows={3} />
        </Ask>
    );
}

/** Records that the contact confirmed the answer elsewhere, by telephone for example. It is final. */
export function Close({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    return (
        <Ask command={command} submit={t("desk.close")} give={() => command.run(CLOSE, {})} done={done}>
            <Text size="sm">{t("desk.closeText", { name: of.contact.name ?? "" })}</Text>
        </Ask>
    );
}

/** A text that has to be there, kept in this browser until it is taken. */
function useText(draft: string, id: string) {
    const { t } = useTranslation();
    const kept = useDraft(draft, "", (text) => text === "");
    const [lacking, setLacking] = useState(false);
    const text = kept.value.trim();
    return {
        text,
        clear: kept.clear,
        missing: () => {
            setLacking(text === "");
            return text === "" ? id : undefined;
        },
        input: {
            id,
            withAsterisk: true,
            required: true,
            maxRows: 12,
            most: 4000,
            error: lacking && text === "" ? t("create.fill") : undefined,
            value: kept.value,
            onChange: (event: { currentTarget: { value: string } }) => kept.set(event.currentTarget.value),
        },
    };
}
