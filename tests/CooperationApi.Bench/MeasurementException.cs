namespace CooperationApi.Bench;

/// <summary>The exception for an invalid measurement, such as an error response: a fast error is not a result.</summary>
internal sealed class MeasurementException(string message) : Exception(message);
