// Light, dark, or as the device says; remembered.
import { effect, signal } from '@preact/signals';
import { recall, remember } from './memory.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((name) => name === recall('theme')) ?? 'auto');

export function watchTheme(): void {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    const isDark = theme.value === 'dark' || (theme.value === 'auto' && prefersDark.matches);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  };
  prefersDark.addEventListener('change', show);
  effect(show);
}

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
  remember('theme', theme.value);
}
