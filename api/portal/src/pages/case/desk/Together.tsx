import { List, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { LINK, MERGE } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown } from "../useStream";
import { Ask, type Asking } from "./Ask";
import { FindCase, type FoundCase } from "./FindCase";

/** Which other case, and whether it has to be asked for. */
function useOther() {
    const { t } = useTranslation();
    const [other, setOther] = useState<FoundCase>();
    const [lacking, setLacking] = useState(false);
    return {
        other,
        field: {
            chosen: other,
            onChoose: setOther,
            error: lacking && !other ? t("desk.chooseCase") : undefined,
        },
        missing: () => {
            setLacking(!other);
            return other ? undefined : "other-case";
        },
    };
}

/** Lets another case of the account go on in the place of this one. */
export function Merge({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const command = useCommand(of, "opening");
    const { other, field, missing } = useOther();
    return (
        <Ask
            command={command}
            submit={t("desk.merge")}
            missing={missing}
            give={async () => {
                if (!other) return undefined;
                const outcome = await command.run(MERGE, { intoCaseId: other.id });
                if (outcome) void navigate(`/cases/${other.number}?merged=${of.number}`);
                return outcome;
            }}
            done={done}
        >
            <Text size="sm">{t("desk.mergeText", { number: of.number, account: of.account.name ?? "" })}</Text>
            <FindCase
                besides={of.id}
                filter={{
                    accountIds: [of.account.id],
                    statuses: ["NEW", "OPEN"],
                    needsContact: false,
                    withoutOwner: false,
                }}
                {...field}
            />
            {other ? (
                <div role="status">
                    <List size="sm">
                        <List.Item>{t("desk.mergeCanceled", { number: of.number, other: other.number })}</List.Item>
                        <List.Item>{t("desk.mergeMessages", { other: other.number })}</List.Item>
                        <List.Item>
                            {t("desk.mergeWatchers", {
                                name: of.contact.name ?? "",
                                number: of.number,
                                other: other.number,
                            })}
                        </List.Item>
                        <List.Item>{t("desk.mergeUndo")}</List.Item>
                    </List>
                </div>
            ) : null}
        </Ask>
    );
}

/** Says that another case has something to do with this one. */
export function LinkCase({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const command = useCommand(of, "opening");
    const { other, field, missing } = useOther();
    return (
        <Ask
            command={command}
            submit={t("desk.link")}
            missing={missing}
            give={async () => (other ? command.run(LINK, { otherCaseId: other.id }) : undefined)}
            done={done}
        >
            <FindCase besides={of.id} filter={{ needsContact: false, withoutOwner: false }} {...field} />
        </Ask>
    );
}
