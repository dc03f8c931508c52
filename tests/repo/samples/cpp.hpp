#pragma once
#include <vector>
#include "stream/reader.h"

namespace media {

/// Decodes one track of a container.
template <typename Sample>
class Decoder : public Component, private detail::Lockable {
public:
    explicit Decoder(Reader& reader) : reader_(reader) {}
    virtual ~Decoder() = default;

    // Reads the next frame, or returns false at the end.
    virtual bool next(Frame& frame);
    int rate() const { return clock_.hertz(); }

private:
    Reader& reader_;
    static constexpr int kLimit = 64;
};

enum class State { Idle, Playing };

struct Point { double x; double y; };

using Samples = std::vector<float>;

bool operator==(const Point& a, const Point& b);

template <typename Sample>
bool Decoder<Sample>::next(Frame& frame) {
    auto* packet = new Packet(reader_.read());
    return media::fill<Sample>(frame, packet);
}

}  // namespace media

/* Entry point of the player. */
int main(int argc, char** argv) {
    media::Decoder<float> decoder(open_reader(argv[1]));
    return decoder.rate();
}

#define MEDIA_VERSION "2.1"
