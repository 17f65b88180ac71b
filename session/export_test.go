package session

// RaceDetector says whether it is on.
const RaceDetector = raceDetector
