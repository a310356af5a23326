import { render } from 'solid-js/web';
import './style/tokens.css';
import './style/base.css';
import { App } from './App.tsx';

const root = document.querySelector('#app');
if (root) render(() => <App />, root);
