/**
 * Operators of the standard set that networks for pictures are made of: arithmetic on tensors whose result depends on nothing else. Left
 * out are those that decide what is executed (If, Loop, Scan), that draw random numbers, and that handle text or sequences.
 */
export const KNOWN_OPERATORS: ReadonlySet<string> = new Set(
  `Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast CastLike Ceil Celu Clip Concat Constant ConstantOfShape Conv ConvInteger
  ConvTranspose Cos CumSum DepthToSpace DequantizeLinear Div DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand Flatten Floor Gather
  GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HardSigmoid
  HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpNormalization MatMul
  MatMulInteger Max MaxPool Mean Min Mish Mod Mul Neg Not Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization Range
  Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize
  Round ScatterElements ScatterND Selu Shape Sigmoid Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum
  Swish Tan Tanh Tile TopK Transpose Trilu Unsqueeze Upsample Where Xor`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** The operators beyond the standard that ONNX Runtime itself has, as far as networks for pictures are made of them: the recipe in `training/` uses them. */
export const RUNTIME_DOMAIN = 'com.microsoft';
export const RUNTIME_OPERATORS: ReadonlySet<string> = new Set(['FusedConv']);

/** Those that carry graphs of their own, or begin them. */
export const CONTROL_FLOW: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);

/** Newest operator set of the standard domain that the runtime is known to load. */
export const NEWEST_OPSET = 23;
export const OLDEST_OPSET = 7;

/** Bytes of a value, by the format's number of its type; types without a fixed size, such as text, are missing. */
export const BYTES_OF_TYPE: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 14: 8, 15: 16, 16: 2 },
};

/** What people call the format's types. */
export const TYPE_NAMES: Readonly<Record<number, string>> = {
  ...{
    0: 'no tensor',
    1: 'float32',
    2: 'uint8',
    3: 'int8',
    4: 'uint16',
    5: 'int16',
    6: 'int32',
    7: 'int64',
    8: 'text',
  },
  ...{ 9: 'bool', 10: 'float16', 11: 'float64', 12: 'uint32', 13: 'uint64', 16: 'bfloat16' },
};
