using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>A response of the service, recorded for the bare handler.</summary>
internal sealed record RecordedResponse(int Status, string? ContentType, string? ContentEncoding, string? ETag, byte[] Body)
{
    private const int SampleCount = 101;

    /// <summary>
    /// Returns the response of median length among samples of a route's addresses. Throws if a status or encoding is not the expected one.
    /// </summary>
    public static async Task<RecordedResponse> Record(Server service, Route route, CancellationToken cancel)
    {
        var responses = new List<RecordedResponse>();
        var step = Math.Max(1, route.Addresses.Count / SampleCount);
        foreach (var address in route.Addresses.Where((_, i) => i % step == 0))
        {
            var response = await Fetch(service, address, route.Header, cancel);
            if (response.Status != route.ExpectedStatus || response.ContentEncoding != route.ExpectedContentEncoding)
                throw new MeasurementException(
                    $"{address}: expected {route.ExpectedStatus} {route.ExpectedContentEncoding}, got {response.Status} "
                    + $"{response.ContentEncoding}.");
            responses.Add(response);
        }
        return responses.OrderBy(response => response.Body.Length).ElementAt(responses.Count / 2);
    }

    private static async Task<RecordedResponse> Fetch(Server service, string address, (string Name, string Value)? header,
        CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, address));
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await service.Client.SendAsync(request, cancel);
        return new(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            response.Content.Headers.ContentEncoding.SingleOrDefault(),
            response.Headers.ETag?.ToString(),
            await response.Content.ReadAsByteArrayAsync(cancel));
    }
}
