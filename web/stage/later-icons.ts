/** Outlines of icons that nothing of the first load shows; they come with what is around the stage. */
export const LATER_ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  find: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5l4.5 4.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  wifi: 'M2.5 9a14 14 0 0 1 19 0M5.8 12.7a9 9 0 0 1 12.4 0M9 16.2a4.5 4.5 0 0 1 6 0M12 19.5v.1',
  repeat:
    'M17 3l3.5 3.5L17 10M20.5 6.5H7a3.5 3.5 0 0 0-3.5 3.5v1M7 21l-3.5-3.5L7 14M3.5 17.5H17a3.5 3.5 0 0 0 3.5-3.5v-1',
  save: 'M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15',
  disk: 'M4 6.5c0-4 16-4 16 0v11c0 4-16 4-16 0zM4 6.5c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
  power: 'M12 3.5v8M7 6.5a8 8 0 1 0 10 0',
  move: 'M8 20V5M4 9l4-4 4 4M16 4v15M12 15l4 4 4-4',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  plus: 'M12 5v14M5 12h14',
  screens:
    'M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5M11 17.5h2',
  mix: 'M6 4.5v8M6 16.5v3M12 4.5v3M12 11.5v8M18 4.5v10M18 18.5v1M3.8 14.5h4.4M9.8 9.5h4.4M15.8 16.5h4.4',
  pads: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z',
  sending:
    'M12 7.5V12l3 2M12 3.5a8.5 8.5 0 0 1 2.5.4M18 6a8.5 8.5 0 0 1 2.3 4M20 14.6a8.5 8.5 0 0 1-2.3 3.6M13.8 20.3a8.5 8.5 0 0 1-4.3-.2M5.8 17.8a8.5 8.5 0 0 1-2.1-3.7M3.8 9.7a8.5 8.5 0 0 1 2.2-3.6',
  solo: 'M4 14.5V12a8 8 0 0 1 16 0v2.5M4 14.5a2 2 0 0 1 2-1h1.5v6H6a2 2 0 0 1-2-2zM20 14.5a2 2 0 0 0-2-1h-1.5v6H18a2 2 0 0 0 2-2z',
  plug: 'M9 3.5v5M15 3.5v5M6.5 8.5h11v3.5a5.5 5.5 0 0 1-11 0zM12 17.5v3.5',
} as const;

export type LaterIconName = keyof typeof LATER_ICONS;
