/** Words of data on the plane, of the brush and of the output picture. */
export const enPoints = {
  task: "Task",
  classification: "Classification",
  regression: "Regression",
  classes: "classes",
  dsOwn: "Your own points",
  brush: "Brush",
  brushClass: "Paint class {label}",
  brushValue: "Paint the value {value}",
  eraser: "Eraser",
  clearPoints: "Clear",
  brushHint: "Choose a mark, then press and draw on the output picture.",
  padding: "filled up with nothing",
  brushOn: "Draw on the output picture. Escape puts the brush down.",
  brushFull: "{count} points: the field is full. Erase some to draw more.",
  emptyField: "Press and draw points here",
  discretized: "decided",
  discretizedTitle: "Show what the network decides, not how surely",
  fieldKeys:
    "What the network answers over the plane, with the points of the data. Arrow keys move a cross; Enter puts a point with the chosen brush.",
  legendClasses: "Class marks",
  lossWord_cross_entropy: "Cross-entropy: minus the logarithm of the share given to the true class",
  lossWord_binary_cross_entropy:
    "Cross-entropy of two classes: minus the logarithm of the probability given to the true one",
  lossWord_mse: "Squared error: the square of the distance from answer to target",
  lossWord_mae: "Absolute error: the distance from answer to target",
  lossWord_huber: "Huber: squared for small errors, straight for large ones",
  lossWord_hinge: "Hinge: how far the margin of 1 is missed",
  lossTrainOn:
    "Training loss: the mean over the batches of the last steps, measured while they were trained on.",
  lossValidationOn:
    "Validation loss: the mean over the {count} held-out points, on which nothing is trained.",
  lossTop: "The {count} ringed points make up {share} of the loss over all {samples} points.",
  lossMost: "Largest: {loss} at ({x}, {y})",
  tableDrop: "Drop a table x, y, class (.csv) here, or choose one",
  tableColumns: "row {row} has {count} columns; a row is x, y, class",
  tableNumber: "row {row}: “{cell}” is no number",
  tableFar:
    "row {row}: {cell} lies outside the plane, which goes from {least} to {most}; scale the columns",
  tableMany: "{count} rows; the plane takes {most}",
  tableClasses: "{count} different classes; {most} have a colour and a shape",
  tableEmpty: "there are no rows in it; a row is x, y, class",
} as const;
