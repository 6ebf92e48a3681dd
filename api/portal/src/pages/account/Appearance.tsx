import { Input, SegmentedControl, Select, useMantineColorScheme } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { language, setLanguage } from "../../app/languages";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { Card } from "./Card";
import { type Preferences, useSavePreferences } from "./preferences";

/** Language, time zone and colors. The language and the time zone are those of mail as well. */
export function Appearance({ preferences, onChange }: { preferences: Preferences; onChange: () => void }) {
    const { t } = useTranslation();
    const { colorScheme, setColorScheme } = useMantineColorScheme();
    const { save, errors } = useSavePreferences(onChange);
    const ids = useId();
    const speak = async (wanted: "en" | "es") => {
        await setLanguage(wanted);
        await save({ language: wanted === "es" ? "SPANISH" : "ENGLISH" });
    };
    return (
        <Card title={t("appearance.title")}>
            <ErrorSummary errors={errors} labels={{}} />
            <Input.Wrapper label={t("language")} labelElement="div" labelProps={{ id: `${ids}-language` }}>
                <SegmentedControl
                    fullWidth
                    aria-labelledby={`${ids}-language`}
                    value={language()}
                    data={[
                        { value: "en", label: "English" },
                        { value: "es", label: "Español" },
                    ]}
                    onChange={(wanted) => void speak(wanted === "es" ? "es" : "en")}
                />
            </Input.Wrapper>
            <Select
                label={t("appearance.timeZone")}
                description={t("appearance.timeZoneHelp")}
                placeholder={t("appearance.timeZoneDesk")}
                searchable
                clearable
                limit={50}
                clearButtonProps={{ "aria-label": t("appearance.timeZoneDesk") }}
                nothingFoundMessage={t("appearance.timeZoneNone")}
                data={Intl.supportedValuesOf("timeZone")}
                value={preferences.timeZone ?? null}
                onChange={(timeZone) => void save({ timeZone })}
            />
            <Input.Wrapper label={t("appearance.colors")} labelElement="div" labelProps={{ id: `${ids}-colors` }}>
                <SegmentedControl
                    fullWidth
                    aria-labelledby={`${ids}-colors`}
                    value={colorScheme}
                    data={(["light", "dark", "auto"] as const).map((value) => ({
                        value,
                        label: t(`appearance.${value}`),
                    }))}
                    onChange={(scheme) => setColorScheme(scheme === "light" || scheme === "dark" ? scheme : "auto")}
                />
            </Input.Wrapper>
        </Card>
    );
}
