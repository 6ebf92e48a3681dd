import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Done } from "../../parts/Done";
import { Card } from "./Card";
import { Enroll } from "./Enroll";
import { RecoveryCodes } from "./RecoveryCodes";
import { RemoveFactor } from "./RemoveFactor";
import { ReplaceCodes } from "./ReplaceCodes";

/** What is being done with the second factor. */
type Doing = "nothing" | "enrolling" | "removing" | "replacing";

/** Codes of an authenticator app: switched on with the app's secret, off with a code; recovery codes are shown once. */
export function TwoFactor({
    credentials,
    onChange,
}: {
    credentials: { hasSecondFactor: boolean; recoveryCodesLeft: number };
    onChange: () => void;
}) {
    const { t } = useTranslation();
    const [doing, setDoing] = useState<Doing>("nothing");
    const [codes, setCodes] = useState<readonly string[]>([]);
    const [removed, setRemoved] = useState(false);
    const begin = (what: Doing) => {
        setCodes([]);
        setRemoved(false);
        setDoing(what);
    };
    const stop = () => setDoing("nothing");
    const finish = (recoveryCodes: readonly string[]) => {
        setCodes(recoveryCodes);
        setRemoved(recoveryCodes.length === 0);
        stop();
        onChange();
    };
    return (
        <Card title={t("factor.title")}>
            <Text size="sm">
                {credentials.hasSecondFactor
                    ? t("factor.on", { count: credentials.recoveryCodesLeft })
                    : t("factor.off")}
            </Text>
            {removed ? <Done title={t("factor.removed")} /> : null}
            {codes.length > 0 ? <RecoveryCodes codes={codes} /> : null}
            {doing === "enrolling" ? <Enroll onDone={finish} onCancel={stop} /> : null}
            {doing === "removing" ? <RemoveFactor onDone={() => finish([])} onCancel={stop} /> : null}
            {doing === "replacing" ? <ReplaceCodes onDone={finish} onCancel={stop} /> : null}
            {doing !== "nothing" ? null : credentials.hasSecondFactor ? (
                <Group>
                    <Button variant="default" onClick={() => begin("replacing")}>
                        {t("factor.replaceCodes")}
                    </Button>
                    <Button variant="default" onClick={() => begin("removing")}>
                        {t("factor.remove")}
                    </Button>
                </Group>
            ) : (
                <Group>
                    <Button variant="default" onClick={() => begin("enrolling")}>
                        {t("factor.setUp")}
                    </Button>
                </Group>
            )}
        </Card>
    );
}
