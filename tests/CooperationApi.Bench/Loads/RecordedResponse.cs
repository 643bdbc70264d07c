using CooperationApi.Bench.Processes;

namespace CooperationApi.Bench.Loads;

/// <summary>An answer of the service, kept for the bare handler.</summary>
internal sealed record RecordedResponse(int Status, string? ContentType, string? ContentEncoding, string? ETag, byte[] Body)
{
    private const int SampleCount = 101;

    /// <summary>
    /// The answer that stands for a route: the one of middle length among samples of its addresses. Its status must be the one that is meant.
    /// </summary>
    public static async Task<RecordedResponse> Record(Server service, Route route, CancellationToken cancel)
    {
        var responses = new List<RecordedResponse>();
        var step = Math.Max(1, route.Addresses.Count / SampleCount);
        foreach (var address in route.Addresses.Where((_, i) => i % step == 0))
        {
            var response = await Fetch(service, address, route.Header, cancel);
            if (response.Status != route.ExpectedStatus || response.ContentEncoding != route.ExpectedContentEncoding)
                throw new MeasurementException($"{address} answers {response.Status} {response.ContentEncoding}, not {route.ExpectedStatus} {route.ExpectedContentEncoding}.");
            responses.Add(response);
        }
        return responses.OrderBy(response => response.Body.Length).ElementAt(responses.Count / 2);
    }

    private static async Task<RecordedResponse> Fetch(Server service, string address, (string Name, string Value)? header, CancellationToken cancel)
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
