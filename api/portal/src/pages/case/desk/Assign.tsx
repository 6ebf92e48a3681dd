import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useViewer } from "../../../app/session";
import { Choice } from "../../../parts/Choice";
import { useColleagues } from "../../../parts/cases/colleagues";
import { ASSIGN } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown } from "../useStream";
import { Ask, type Asking } from "./Ask";

/** Makes somebody the owner. */
export function Assign({ of, done }: Asking<Shown>) {
    const { t } = useTranslation();
    const me = useViewer().person.id;
    const command = useCommand(of, "opening");
    const { people, error } = useColleagues();
    const [ownerId, setOwner] = useState(of.owner?.id === me ? "" : me);
    const [lacking, setLacking] = useState(false);
    const [isNone, setNone] = useState(false);
    const isKnown = people.some(({ value }) => value === ownerId);
    return (
        <Ask
            command={command}
            submit={t("desk.assign")}
            missing={() => {
                setLacking(!isKnown);
                return isKnown && !isNone ? undefined : "owner";
            }}
            give={() => command.run(ASSIGN, { ownerId })}
            done={done}
        >
            <Choice
                id="owner"
                label={t("columns.OWNER")}
                placeholder={t("create.choose")}
                description={of.status === "NEW" ? t("desk.assignText") : undefined}
                withAsterisk
                required
                selectFirstOptionOnChange
                onNone={setNone}
                nothingFound={t(error ? "desk.nobodyRead" : "desk.nobodyFound")}
                error={lacking && !isKnown ? t("create.fill") : undefined}
                data={people}
                value={isKnown ? ownerId : null}
                onChange={(value) => setOwner(value ?? "")}
            />
        </Ask>
    );
}
