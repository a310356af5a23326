/** Elements of a view by name, filled by `ref={keep('name')}` and read once it is mounted. */
export const keepElements = <Elements extends object>() => {
  const elements = {} as { -readonly [Name in keyof Elements]: Elements[Name] };
  const keep =
    <Name extends keyof Elements>(name: Name) =>
    (element: Elements[Name]) => {
      elements[name] = element;
    };
  return { elements, keep };
};
