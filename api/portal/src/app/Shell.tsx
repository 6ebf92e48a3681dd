import {
    Alert,
    AppShell,
    Avatar,
    Burger,
    Button,
    Group,
    Image,
    Menu,
    NavLink,
    Skeleton,
    Stack,
    Text,
} from "@mantine/core";
import { useDisclosure, useNetwork, useWindowEvent } from "@mantine/hooks";
import {
    IconHome,
    IconInbox,
    IconLifebuoy,
    IconLogout,
    IconPlus,
    IconUser,
    IconUserQuestion,
} from "@tabler/icons-react";
import { Suspense, lazy, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation } from "react-router";

import { LanguageMenu } from "../parts/LanguageMenu";
import { isLeft } from "../parts/kept";
import { type Brand, useBrand } from "./brand";
import { Sheet } from "./Guest";
import { OutboxProvider } from "./outbox";
import { isDesk, isSupervisor, useSession, useViewer } from "./session";
import { NotLeft, useLeaving } from "./signOut";

// Few need it, and those once.
const FactorFirst = lazy(async () => ({ default: (await import("../pages/account/FactorFirst")).FactorFirst }));
// Customers load none of it.
const DeskKeys = lazy(async () => ({ default: (await import("./DeskKeys")).DeskKeys }));

/** What stands around pages for people who are signed in; sends everybody else to sign in, and back afterwards. */
export function Shell() {
    const { session } = useSession();
    const { t } = useTranslation();
    const { pathname, search } = useLocation();
    switch (session.state) {
        case "unknown":
            return <Skeleton height={56} aria-label={t("loading")} />;
        case "unreachable":
            return (
                <Alert m="md" color="red" variant="outline" title={t("errors.unreachableTitle")}>
                    <Stack align="flex-start">
                        <Text>{t("errors.unreachable")}</Text>
                        <Button onClick={session.retry}>{t("errors.tryAgain")}</Button>
                    </Stack>
                </Alert>
            );
        case "signed-out": {
            const wanted = pathname + search;
            return (
                <Navigate
                    replace
                    to={wanted === "/" || isLeft() ? "/sign-in" : `/sign-in?next=${encodeURIComponent(wanted)}`}
                />
            );
        }
        case "signed-in":
            return session.viewer.lacksSecondFactor ? (
                <Sheet>
                    <Suspense fallback={<Skeleton height={240} />}>
                        <FactorFirst />
                    </Suspense>
                </Sheet>
            ) : (
                <Frame />
            );
    }
}

function Frame() {
    const { t } = useTranslation();
    const [opened, { toggle, close }] = useDisclosure();
    const leaving = useLeaving();
    const burger = useRef<HTMLButtonElement>(null);
    useWindowEvent("keydown", ({ key, defaultPrevented }) => {
        if (!opened || key !== "Escape" || defaultPrevented) return;
        close();
        burger.current?.focus();
    });
    const { online } = useNetwork();
    const brand = useBrand();
    const viewer = useViewer();
    const desk = isDesk(viewer);
    return (
        <AppShell
            header={{ height: 56 }}
            navbar={{ width: 200, breakpoint: "sm", collapsed: { mobile: !opened } }}
            padding={{ base: "sm", sm: "lg" }}
        >
            <a className="skip-link" href="#main">
                {t("skip")}
            </a>
            <AppShell.Header>
                <Group h="100%" px={{ base: "xs", xs: "md" }} justify="space-between" wrap="nowrap">
                    <Group gap="xs" wrap="nowrap" miw={0}>
                        <Burger
                            ref={burger}
                            opened={opened}
                            onClick={toggle}
                            hiddenFrom="sm"
                            size="sm"
                            aria-label={t("menu")}
                            aria-expanded={opened}
                        />
                        <Name brand={brand} />
                    </Group>
                    <Group gap="sm" wrap="nowrap">
                        {desk ? (
                            <Suspense>
                                <DeskKeys />
                            </Suspense>
                        ) : null}
                        <CreateCase />
                        <Initials signOut={leaving.leave} />
                    </Group>
                </Group>
            </AppShell.Header>
            <AppShell.Navbar
                p="xs"
                aria-label={t("sections")}
                {...(opened ? {} : { visibleFrom: "sm" })}
                // On a phone it lies over the page: whoever goes on to that with the keyboard has to see where they are (WCAG 2.2, 2.4.11).
                onBlur={({ currentTarget, relatedTarget }) => {
                    if (
                        relatedTarget !== null &&
                        !currentTarget.contains(relatedTarget) &&
                        relatedTarget !== burger.current
                    )
                        close();
                }}
            >
                <Section to="/" icon={<IconHome size={18} aria-hidden />} label={t("overview.title")} onClick={close} />
                <Section
                    to="/support"
                    icon={<IconLifebuoy size={18} aria-hidden />}
                    label={t("support.title")}
                    onClick={close}
                />
                {desk ? (
                    <Section
                        to="/desk"
                        icon={<IconInbox size={18} aria-hidden />}
                        label={t("desk.title")}
                        onClick={close}
                    />
                ) : null}
                {isSupervisor(viewer) ? (
                    <Section
                        to="/access-requests"
                        icon={<IconUserQuestion size={18} aria-hidden />}
                        label={t("requests.title")}
                        onClick={close}
                    />
                ) : null}
            </AppShell.Navbar>
            <AppShell.Main id="main" tabIndex={-1}>
                <NotLeft leaving={leaving} />
                {online ? null : (
                    <Alert color="yellow" variant="outline" mb="md" role="status">
                        {t("errors.offline")}
                    </Alert>
                )}
                <Suspense fallback={<Skeleton height={240} />}>
                    <OutboxProvider>
                        <Outlet />
                    </OutboxProvider>
                </Suspense>
            </AppShell.Main>
        </AppShell>
    );
}

function Name({ brand }: { brand: Brand | undefined }) {
    return (
        <>
            {brand?.logo ? <Image src={brand.logo} alt="" h={28} w="auto" /> : null}
            <Text fw={700} truncate visibleFrom="xs">
                {brand?.portalName ?? " "}
            </Text>
        </>
    );
}

function CreateCase() {
    const { t } = useTranslation();
    return (
        <Button
            component={Link}
            to="/create"
            size="sm"
            px={{ base: 8, xs: "md" }}
            fz={{ base: 13, xs: "sm" }}
            leftSection={<IconPlus size={16} aria-hidden />}
        >
            {t("create.title")}
        </Button>
    );
}

function Section({
    to,
    icon,
    label,
    onClick,
}: {
    to: string;
    icon: React.ReactNode;
    label: string;
    onClick: () => void;
}) {
    const { pathname } = useLocation();
    const active = to === "/" ? pathname === "/" : pathname.startsWith(to);
    return (
        <NavLink
            component={Link}
            to={to}
            label={label}
            leftSection={icon}
            active={active}
            variant="filled"
            aria-current={active ? "page" : undefined}
            onClick={onClick}
        />
    );
}

/** The first letters of the first and the last word of a name. */
export function initials(name: string | null | undefined): string {
    const words = (name ?? "").split(/\s+/u).filter(Boolean);
    const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
    return ends.map((word = "") => String.fromCodePoint(word.codePointAt(0) ?? 63).toLocaleUpperCase()).join("") || "?";
}

function Initials({ signOut }: { signOut: () => void }) {
    const { t } = useTranslation();
    const viewer = useViewer();
    return (
        <Menu position="bottom-end" width={220}>
            <Menu.Target>
                <Avatar
                    component="button"
                    type="button"
                    size={36}
                    bd={0}
                    radius="xl"
                    color="brand"
                    variant="filled"
                    aria-label={t("initials", {
                        initials: initials(viewer.person.name),
                        name: viewer.person.name ?? "",
                    })}
                >
                    {initials(viewer.person.name)}
                </Avatar>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Label style={{ overflowWrap: "anywhere" }}>{viewer.person.name}</Menu.Label>
                <Menu.Item component={Link} to="/my-account" leftSection={<IconUser size={16} aria-hidden />}>
                    {t("account.title")}
                </Menu.Item>
                <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
                    {t("signOut")}
                </Menu.Item>
                <Menu.Divider />
                <Group p="xs" justify="center">
                    <LanguageMenu />
                </Group>
            </Menu.Dropdown>
        </Menu>
    );
}
